/** The plugin: the panel, its commands, and what tells of its jobs. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addCommands, addToPalette } from './commands';
import { askSecrets } from './dialogs';
import { CurrentNotebook } from './model/current';
import { OutsideMounts } from './model/mounts';
import { Moves } from './model/moves';
import { Notebooks } from './model/notebooks';
import { PanelModel } from './model/panel';
import { Server } from './model/server';
import { readSettings } from './model/settings';
import { notifyOfJobs } from './notifications';
import { Panel, PANEL_ID } from './panel/Panel';

const PLUGIN_ID = 'jupyter-containerize:plugin';

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Turns notebooks into containers, and manages them.',
  autoStart: true,
  requires: [IDocumentManager, IRenderMimeRegistry],
  optional: [
    INotebookTracker,
    ITranslator,
    ISettingRegistry,
    IStateDB,
    ICommandPalette,
    IFileBrowserFactory,
    ILabShell,
    ILayoutRestorer
  ],
  activate
};

function activate(
  app: JupyterFrontEnd,
  documents: IDocumentManager,
  { sanitizer }: IRenderMimeRegistry,
  tracker: INotebookTracker | null,
  translator: ITranslator | null,
  settings: ISettingRegistry | null,
  state: IStateDB | null,
  palette: ICommandPalette | null,
  browsers: IFileBrowserFactory | null,
  labShell: ILabShell | null,
  restorer: ILayoutRestorer | null
): void {
  const { commands, shell } = app;
  const language = translator ?? nullTranslator;
  const trans = language.load('jupyter-containerize');
  const { contents } = app.serviceManager;
  const notebooks = new Notebooks(tracker, contents);
  const moves = new Moves(contents, path => notebooks.serverPath(path));
  const model = new PanelModel({
    trans,
    commands,
    current: new CurrentNotebook(tracker),
    notebooks,
    mounts: new OutsideMounts(state, moves.made),
    server: new Server(),
    rendering: { sanitizer, translator: language },
    askSecrets: names => askSecrets(names, trans)
  });
  const panel = new Panel(model, documents);
  addCommands({
    app,
    model,
    documents,
    restorer,
    logArea: labShell ? 'main' : 'down',
    showPanel: () => {
      shell.activateById(PANEL_ID);
    },
    selectedFile: () => selectedNotebook(browsers, model)
  });
  notifyOfJobs(model, () => panel.isVisible && !document.hidden);
  shell.add(panel, 'left', { rank: 700, type: 'Containers' });
  if (palette) {
    addToPalette(palette, trans.__('Containers'));
  }
  restorer?.add(panel, PANEL_ID);
  if (settings) {
    void followSettings(settings, model);
  }
}

/** The path of the notebook that is selected in the file browser. */
function selectedNotebook(browsers: IFileBrowserFactory | null, { notebooks }: PanelModel): string | null {
  const selected = [...(browsers?.tracker.currentWidget?.selectedItems() ?? [])];
  const [item, another] = selected;
  return item?.type === 'notebook' && !another ? notebooks.serverPath(item.path) : null;
}

async function followSettings(registry: ISettingRegistry, model: PanelModel): Promise<void> {
  const settings = await registry.load(PLUGIN_ID);
  const read = (): void => {
    model.settings = readSettings(settings.composite);
  };
  settings.changed.connect(read);
  read();
}

export default plugin;
