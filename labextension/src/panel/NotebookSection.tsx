import { runIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { PathExt } from '@jupyterlab/coreutils';

import { Notice } from '../controls/Notice';
import type { PanelModel } from '../model/panel';
import { Section } from './Section';
import { StateIcon } from './StateIcon';

/** The notebook that has the focus, and what can be made of it. */
export function NotebookSection({ model }: { model: PanelModel }): React.ReactElement {
  const { trans, path } = model;
  return (
    <Section title={trans.__('Notebook')}>
      {path === null ? <NoNotebook model={model} /> : <Notebook path={path} model={model} />}
      {model.actions.isStarting && <Starting model={model} />}
      <Problem model={model} />
    </Section>
  );
}

function NoNotebook({ model }: { model: PanelModel }): React.ReactElement {
  const { trans, notebook } = model;
  return (
    <p className="jp-Containerize-empty">
      {notebook
        ? trans.__('This notebook is on another drive than the server’s own. Copy it there to make a container of it.')
        : trans.__('Open a notebook to make a container of it.')}
    </p>
  );
}

function Notebook({ path, model }: { path: string; model: PanelModel }): React.ReactElement {
  const { trans } = model;
  const isDirty = model.notebook?.model?.dirty ?? false;
  return (
    <div className="jp-Containerize-notebook">
      <div className="jp-Containerize-notebookName" title={path}>
        {PathExt.basename(path)}
      </div>
      <div className="jp-Containerize-dim jp-Containerize-small">
        {isDirty ? trans.__('Your changes are saved first.') : PathExt.dirname(path)}
      </div>
      <div className="jp-Containerize-buttons">
        <CommandButton model={model} command="containerize:run" isMain>
          <runIcon.react tag="span" aria-hidden="true" />
          {trans.__('Build and run')}
        </CommandButton>
        <CommandButton model={model} command="containerize:run-cells">
          {trans.__('Cell by cell')}
        </CommandButton>
        <CommandButton model={model} command="containerize:compare">
          {trans.__('Compare')}
        </CommandButton>
        <CommandButton model={model} command="containerize:build">
          {trans.__('Build')}
        </CommandButton>
        <CommandButton model={model} command="containerize:export">
          {trans.__('Export…')}
        </CommandButton>
      </div>
    </div>
  );
}

function Starting({ model: { trans } }: { model: PanelModel }): React.ReactElement {
  return (
    <p className="jp-Containerize-starting" role="status">
      <StateIcon state="running" trans={trans} />
      {trans.__('Saving and starting…')}
    </p>
  );
}

interface ICommandButtonProps {
  model: PanelModel;
  command: string;
  isMain?: boolean;
  children: React.ReactNode;
}

function CommandButton({ model, command, isMain, children }: ICommandButtonProps): React.ReactElement {
  return (
    <button
      type="button"
      className={`jp-mod-styled ${isMain ? 'jp-mod-accept' : 'jp-mod-reject'}`}
      title={model.commands.caption(command)}
      disabled={!model.commands.isEnabled(command)}
      onClick={() => void model.commands.execute(command)}
    >
      {children}
    </button>
  );
}

/** What went wrong with what was asked for last. */
function Problem({ model }: { model: PanelModel }): React.ReactElement | null {
  const { problem } = model.actions;
  return (
    problem && (
      <Notice level="error" message={problem.message} hint={problem.hint}>
        <button
          type="button"
          className="jp-Containerize-link"
          onClick={() => {
            model.actions.dismiss();
          }}
        >
          {model.trans.__('Dismiss')}
        </button>
      </Notice>
    )
  );
}
