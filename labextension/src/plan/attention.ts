/** Sees when the notebook that it follows is edited or saved. */

import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { NotebookPanel } from '@jupyterlab/notebook';

export class Attention {
  constructor(
    private readonly onEdited: () => void,
    private readonly onSaved: () => void
  ) {}

  get notebook(): NotebookPanel | null {
    return this.followed;
  }

  /** Follow this one from now on; null follows none. */
  follow(notebook: NotebookPanel | null): void {
    this.followed?.context.saveState.disconnect(this.onSaveState);
    this.followed?.context.model.contentChanged.disconnect(this.onContent);
    this.followed = notebook;
    notebook?.context.saveState.connect(this.onSaveState);
    notebook?.context.model.contentChanged.connect(this.onContent);
  }

  private readonly onSaveState = (_: unknown, state: DocumentRegistry.SaveState): void => {
    if (state === 'completed') {
      this.onSaved();
    }
  };

  private readonly onContent = (): void => {
    this.onEdited();
  };

  private followed: NotebookPanel | null = null;
}
