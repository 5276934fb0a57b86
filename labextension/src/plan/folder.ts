/** Choosing a folder to mount in JupyterLab's file dialog. */

import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';
import type { ITranslator } from '@jupyterlab/translation';

import { sourceOf } from './mounts';

/** The folder that the user chose for the notebook at this path, as the notebook names it; null for none. */
export type ChooseFolder = (notebook: string) => Promise<string | null>;

export function folderChooser(manager: IDocumentManager, translator: ITranslator): ChooseFolder {
  const trans = translator.load('jupyter-containerize');
  const { contents } = manager.services;
  return async notebook => {
    const { button, value } = await FileDialog.getExistingDirectory({
      manager,
      translator,
      title: trans.__('Folder to mount in the container'),
      defaultPath: PathExt.dirname(contents.localPath(notebook))
    });
    const folder = value?.at(0);
    return button.accept && folder ? sourceOf(contents.localPath(notebook), contents.localPath(folder.path)) : null;
  };
}
