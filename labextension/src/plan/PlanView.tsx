import * as React from 'react';

import { useChanges } from '../controls/useChanges';
import { Container } from './Container';
import { Environment } from './Environment';
import type { ChooseFolder } from './folder';
import { LocalFiles } from './LocalFiles';
import type { PlanModel } from './model';
import { Mounts } from './Mounts';
import { Packages } from './Packages';
import { Parameters } from './Parameters';
import { Ports } from './Ports';
import { Previews } from './Previews';
import { Status } from './Status';
import { SystemPackages } from './SystemPackages';
import { Unmet } from './Unmet';

export interface IPlanViewProps {
  model: PlanModel;
  chooseFolder: ChooseFolder;
}

/** The parts of the plan that are known, and the choices that there are without one. */
export function PlanView({ model, chooseFolder }: IPlanViewProps): React.ReactElement {
  useChanges(model.changed);
  React.useEffect(() => {
    model.open();
    return () => {
      model.close();
    };
  }, [model]);
  if (!model.panel.notebook) {
    return <p className="jp-Containerize-empty">{model.panel.trans.__('Open a notebook to see its plan.')}</p>;
  }
  return (
    <div className="jp-Containerize-plan" aria-busy={model.isLoading}>
      <Status model={model} />
      <Unmet model={model} />
      <Parameters model={model} />
      <Packages model={model} />
      <SystemPackages model={model} />
      <LocalFiles model={model} />
      <Mounts model={model} chooseFolder={chooseFolder} />
      <Environment model={model} />
      <Ports model={model} />
      <Container model={model} />
      <Previews model={model} />
    </div>
  );
}
