/** What the user is asked before a job. */

import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import type { Secrets } from './api/jobs';

/** Ask for the values of variables, which are kept nowhere; null where the user gives up. */
export async function askSecrets(names: readonly string[], trans: TranslationBundle): Promise<Secrets | null> {
  const result = await showDialog({
    title: trans._n('A variable for the container', 'Variables for the container', names.length),
    body: new SecretsForm(names, trans),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Start') })],
    focusNodeSelector: 'input'
  });
  return result.button.accept ? result.value : null;
}

/** Ask for the folder of an export, relative to the notebook's; null where the user gives up. */
export async function askFolder(path: string, trans: TranslationBundle): Promise<string | null> {
  const name = PathExt.basename(path, PathExt.extname(path));
  const result = await InputDialog.getText({
    title: trans.__('Export %1', PathExt.basename(path)),
    label: trans.__('A new folder for the Dockerfile and all that it needs, beside the notebook'),
    text: `${name}-container`,
    okLabel: trans.__('Export'),
    required: true
  });
  return result.button.accept ? result.value : null;
}

class SecretsForm extends Widget implements Dialog.IBodyWidget<Secrets> {
  constructor(names: readonly string[], trans: TranslationBundle) {
    super();
    this.addClass('jp-Containerize-secrets');
    const note = document.createElement('p');
    note.textContent = trans.__('The values go to the container and are kept nowhere: you will be asked again.');
    this.inputs = new Map(names.map(name => [name, newInput(name)]));
    this.node.append(note, ...[...this.inputs].map(([name, input]) => labelled(name, input)));
  }

  getValue(): Secrets {
    return Object.fromEntries([...this.inputs].map(([name, input]) => [name, input.value]));
  }

  private readonly inputs: ReadonlyMap<string, HTMLInputElement>;
}

function newInput(name: string): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'password';
  input.name = name;
  input.autocomplete = 'off';
  input.className = 'jp-mod-styled';
  return input;
}

function labelled(name: string, input: HTMLInputElement): HTMLLabelElement {
  const label = document.createElement('label');
  const code = document.createElement('code');
  code.textContent = name;
  label.append(code, input);
  return label;
}
