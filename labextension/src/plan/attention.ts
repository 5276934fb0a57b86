/** Sees when what a plan is made from becomes another than it was, and when the notebook is saved. */

import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { Throttler } from '@lumino/polling';

import type { IPanelModel } from '../model/interfaces';
import { METADATA_KEY } from './choices';

export class Attention {
  /** `pause` is the least number of milliseconds between two looks at a notebook that keeps changing. */
  constructor(
    private readonly panel: IPanelModel,
    private readonly onChanged: () => void,
    private readonly onSaved: () => void,
    pause: number
  ) {
    this.looking = new Throttler(() => {
      this.look();
    }, pause);
  }

  get notebook(): NotebookPanel | null {
    return this.followed;
  }

  /** Follow this one from now on; null follows none. */
  follow(notebook: NotebookPanel | null): void {
    this.followed?.context.saveState.disconnect(this.onSaveState);
    this.followed?.context.model.contentChanged.disconnect(this.lookSoon);
    this.followed = notebook;
    notebook?.context.saveState.connect(this.onSaveState);
    notebook?.context.model.contentChanged.connect(this.lookSoon);
  }

  /** From now on what the notebook, its kernel and the options are at this moment counts as not changed. */
  mark(): void {
    this.marked = this.signature;
  }

  /** See whether something has changed; not at once, for a notebook changes with every key that is pressed. */
  readonly lookSoon = (): void => {
    void this.looking.invoke();
  };

  private look(): void {
    if (this.followed && this.signature !== this.marked) {
      this.onChanged();
    }
  }

  private get signature(): string {
    return JSON.stringify([this.panel.options, kernelName(this.followed), signature(this.followed?.model)]);
  }

  private readonly onSaveState = (_: unknown, state: DocumentRegistry.SaveState): void => {
    if (state === 'completed') {
      this.look();
      this.onSaved();
    }
  };

  private readonly looking: Throttler;
  private followed: NotebookPanel | null = null;
  private marked = '';
}

/** What of the notebook a plan is made from: the code, what of it has run, and what is chosen. */
function signature(model: INotebookModel | null | undefined): unknown {
  const cells = model?.sharedModel.cells ?? [];
  const code = cells.map(cell => [
    cell.getSource(),
    cell.cell_type === 'code' && 'execution_count' in cell && cell.execution_count
  ]);
  return [model?.getMetadata(METADATA_KEY), code];
}

/** The kernel that runs, or else would: one that starts or ends changes nothing. */
function kernelName(notebook: NotebookPanel | null): string | undefined {
  const spec = notebook?.model?.getMetadata('kernelspec') as { name?: string } | undefined;
  return notebook?.sessionContext.session?.kernel?.name ?? spec?.name;
}
