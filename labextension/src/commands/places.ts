/** Ways to what a job is about: the cell that failed, the files it made. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookPanel } from '@jupyterlab/notebook';

import { goToCell } from '../cells';
import type { PanelModel } from '../model/panel';
import { numberIn, textIn } from './args';

export interface IPlaceCommandParts {
  app: JupyterFrontEnd;
  model: PanelModel;
  documents: IDocumentManager;
}

export function addPlaceCommands({ app, model, documents }: IPlaceCommandParts): void {
  const { trans } = model;
  const { commands } = app;
  commands.addCommand('containerize:go-to-cell', {
    label: trans.__('Go to the Cell that Failed'),
    execute: async args => {
      const path = textIn(args, 'path');
      const cell = numberIn(args, 'cell');
      if (path === null || cell === null) {
        return;
      }
      const panel = model.notebooks.find(path) ?? documents.openOrReveal(path);
      if (panel instanceof NotebookPanel) {
        // Not `openOrReveal`, which in Notebook 7 closes what is open here to open it in another tab.
        app.shell.activateById(panel.id);
        await panel.context.ready;
        if (!(await goToCell(panel, cell, numberIn(args, 'line')))) {
          Notification.warning(trans.__('There is no cell %1 any more.', cell), { autoClose: 5_000 });
        }
      }
    }
  });
  commands.addCommand('containerize:open-output', {
    label: trans.__('Open a File or Folder of the Container Job'),
    execute: async args => {
      const path = textIn(args, 'path');
      if (path !== null) {
        await open(path);
      }
    }
  });

  /** Show a folder in the file browser, and open a file. */
  const open = async (path: string): Promise<void> => {
    try {
      const { type } = await documents.services.contents.get(path, { content: false });
      if (type !== 'directory') {
        documents.openOrReveal(path);
      } else if (commands.hasCommand('filebrowser:go-to-path')) {
        await commands.execute('filebrowser:go-to-path', { path, dontShowBrowser: false });
      } else {
        window.open(URLExt.join(PageConfig.getBaseUrl(), 'tree', URLExt.encodeParts(path)), '_blank');
      }
    } catch {
      Notification.warning(trans.__('“%1” is not there any more.', path), { autoClose: 5_000 });
    }
  };
}
