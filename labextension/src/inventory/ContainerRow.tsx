import { deleteIcon, listIcon, stopIcon, terminalIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IContainer } from '../api/types';
import { IconButton } from '../controls/IconButton';
import { confirmContainer } from './confirm';
import type { EngineModel } from './model';
import { addressOf } from './ports';
import { removeContainer, stopContainer } from './requests';
import { canOpenShell, openShell } from './shell';

export interface IContainerRowProps {
  model: EngineModel<IContainer[]>;
  container: IContainer;
}

/** A container; what can be done with it only where the user made it. */
export function ContainerRow({ model, container }: IContainerRowProps): React.ReactElement {
  const { name, state, status, notebook, image } = container;
  return (
    <li className="jp-Containerize-card" aria-busy={model.busy.has(container.id)}>
      <div className="jp-Containerize-cardHead">
        <span className={`jp-Containerize-dot jp-mod-${state}`} aria-hidden="true" />
        <span className="jp-Containerize-cardName" title={name}>
          {name}
        </span>
        {container.own && <Actions model={model} container={container} />}
      </div>
      <div className="jp-Containerize-dim">
        {[status, notebook || image, container.own ? '' : container.owner].filter(Boolean).join(' · ')}
      </div>
      {container.ports.map(port => (
        <Port key={port} port={port} />
      ))}
    </li>
  );
}

function Port({ port }: { port: string }): React.ReactElement | null {
  const address = addressOf(port);
  return address === null ? null : (
    <div>
      <a className="jp-Containerize-link" href={address} target="_blank" rel="noreferrer">
        {port}
      </a>
    </div>
  );
}

function Actions({ model, container }: IContainerRowProps): React.ReactElement {
  const { trans, commands } = model.panel;
  const { id, name, shell } = container;
  const isBusy = model.busy.has(id);
  const stop = (): void => {
    void model.change(id, () => stopContainer(container, model.engine));
  };
  const remove = async (): Promise<void> => {
    if (await confirmContainer(trans, container)) {
      await model.change(id, () => removeContainer(container, model.engine));
    }
  };
  return (
    <>
      <IconButton
        icon={listIcon}
        label={trans.__('Log of %1', name)}
        onClick={() => void commands.execute('containerize:open-container-log', { container: name, ...model.engine })}
      />
      {shell && canOpenShell(commands) && (
        <IconButton
          icon={terminalIcon}
          label={trans.__('Shell in %1', name)}
          onClick={() => void openShell(commands, shell)}
        />
      )}
      {container.state === 'running' && (
        <IconButton icon={stopIcon} label={trans.__('Stop %1', name)} isDisabled={isBusy} onClick={stop} />
      )}
      <IconButton
        icon={deleteIcon}
        label={trans.__('Remove %1…', name)}
        isDisabled={isBusy}
        onClick={() => void remove()}
      />
    </>
  );
}
