import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Query } from '../api/request';
import { IconButton } from '../controls/IconButton';
import { Notice } from '../controls/Notice';
import { useChanges } from '../controls/useChanges';
import type { IPanelModel } from '../model/interfaces';
import { FoldableSection } from '../panel/Section';
import { EngineModel } from './model';

export interface IEngineSectionProps<T> {
  panel: IPanelModel;
  title: string;
  read: (query: Query) => Promise<T>;
  /** What is in it once it was read. */
  children: (model: EngineModel<T>, value: T) => React.ReactNode;
}

/** A part of the panel about what the engine has: read when it is opened. */
export function EngineSection<T>({ panel, title, read, children }: IEngineSectionProps<T>): React.ReactElement {
  const [isOpen, setOpen] = React.useState(false);
  const [model] = React.useState(() => new EngineModel(panel, read));
  const refresh = (): void => {
    void model.refresh();
  };
  return (
    <FoldableSection
      title={title}
      isOpen={isOpen}
      onToggle={setOpen}
      toolbar={<IconButton icon={refreshIcon} label={panel.trans.__('Refresh: %1', title)} onClick={refresh} />}
    >
      <EngineView model={model}>{children}</EngineView>
    </FoldableSection>
  );
}

interface IEngineViewProps<T> {
  model: EngineModel<T>;
  children: (model: EngineModel<T>, value: T) => React.ReactNode;
}

function EngineView<T>({ model, children }: IEngineViewProps<T>): React.ReactElement {
  useChanges(model.changed);
  React.useEffect(() => {
    model.open();
    return () => {
      model.close();
    };
  }, [model]);
  return (
    <div className="jp-Containerize-inventory" aria-busy={model.isLoading}>
      {model.fault && <Notice level="error" message={model.fault.message} hint={model.fault.hint} />}
      {model.value !== null && children(model, model.value)}
      {model.value === null && model.isLoading && (
        <p className="jp-Containerize-empty" role="status">
          {model.panel.trans.__('Asking the engine…')}
        </p>
      )}
    </div>
  );
}
