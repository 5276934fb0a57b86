import * as React from 'react';

import type { IContainer } from '../api/types';
import { Capped } from '../controls/Capped';
import type { ISectionProps } from '../model/interfaces';
import { AllToggle } from './AllToggle';
import { ContainerRow } from './ContainerRow';
import { EngineSection } from './EngineSection';
import type { EngineModel } from './model';
import { readContainers } from './requests';

/** The containers made here, running or not. */
export function ContainersSection({ model: panel }: ISectionProps): React.ReactElement {
  return (
    <EngineSection panel={panel} title={panel.trans.__('Containers')} read={readContainers}>
      {(model, containers) => <Containers model={model} containers={containers} />}
    </EngineSection>
  );
}

interface IContainersProps {
  model: EngineModel<IContainer[]>;
  containers: readonly IContainer[];
}

function Containers({ model, containers }: IContainersProps): React.ReactElement {
  const { trans } = model.panel;
  return (
    <>
      {containers.length === 0 && (
        <p className="jp-Containerize-empty">{trans.__('No containers: one that ended well is removed by itself.')}</p>
      )}
      <Capped trans={trans} items={containers} most={15}>
        {shown => (
          <ul className="jp-Containerize-cards" aria-label={trans.__('Containers')}>
            {shown.map(container => (
              <ContainerRow key={container.id} model={model} container={container} />
            ))}
          </ul>
        )}
      </Capped>
      <AllToggle model={model} />
    </>
  );
}
