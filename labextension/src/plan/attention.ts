/** Sees when the notebook that it follows becomes another one than it was, and when it is saved. */

import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { Throttler } from '@lumino/polling';

import { METADATA_KEY } from './choices';

export class Attention {
  /** `pause` is the least number of milliseconds between two looks at a notebook that keeps changing. */
  constructor(
    private readonly onChanged: () => void,
    private readonly onSaved: () => void,
    pause: number
  ) {
    this.lookSoon = new Throttler(() => {
      this.look();
    }, pause);
  }

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

  /** From now on what the notebook is at this moment counts as not changed. */
  mark(): void {
    this.marked = signature(this.followed?.model);
  }

  private look(): void {
    if (this.followed && signature(this.followed.model) !== this.marked) {
      this.onChanged();
    }
  }

  private readonly onSaveState = (_: unknown, state: DocumentRegistry.SaveState): void => {
    if (state === 'completed') {
      this.look();
      this.onSaved();
    }
  };

  private readonly onContent = (): void => {
    void this.lookSoon.invoke();
  };

  private readonly lookSoon: Throttler;
  private followed: NotebookPanel | null = null;
  private marked = '';
}

/** What a plan is made from: the code, what of it has run, and what is chosen. A kernel that starts changes none of it. */
function signature(model: INotebookModel | null | undefined): string {
  const cells = model?.sharedModel.cells ?? [];
  const code = cells.map(cell => [
    cell.getSource(),
    cell.cell_type === 'code' && 'execution_count' in cell && cell.execution_count
  ]);
  return JSON.stringify([model?.getMetadata(METADATA_KEY), code]);
}
