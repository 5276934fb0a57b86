/** The notebook that the panel is about: the last one that had the focus. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

export class CurrentNotebook implements IDisposable {
  constructor(private readonly tracker: INotebookTracker | null) {
    tracker?.currentChanged.connect(this.follow);
    this.follow();
  }

  /** Fires when it is another notebook, when its metadata, kernel or path changes, and when it is saved. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Fires when its cells change, with every key that is pressed. */
  get edited(): ISignal<this, void> {
    return this.editedSignal;
  }

  get panel(): NotebookPanel | null {
    return this.notebook;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    this.tracker?.currentChanged.disconnect(this.follow);
    this.leave();
    Signal.clearData(this);
  }

  private readonly follow = (): void => {
    const panel = this.tracker?.currentWidget ?? null;
    if (panel !== this.notebook) {
      this.leave();
      this.notebook = panel;
      this.enter(panel);
      this.changedSignal.emit();
    }
  };

  private enter(panel: NotebookPanel | null): void {
    panel?.disposed.connect(this.follow);
    panel?.context.saveState.connect(this.notify);
    panel?.context.pathChanged.connect(this.notify);
    panel?.sessionContext.kernelChanged.connect(this.notify);
    void panel?.context.ready.then(() => {
      if (panel === this.notebook) {
        panel.model?.contentChanged.connect(this.notifyEdited);
        panel.model?.metadataChanged.connect(this.notify);
        panel.model?.stateChanged.connect(this.notify);
        this.notify();
      }
    });
  }

  private leave(): void {
    const panel = this.notebook;
    this.notebook = null;
    panel?.disposed.disconnect(this.follow);
    panel?.context.saveState.disconnect(this.notify);
    panel?.context.pathChanged.disconnect(this.notify);
    panel?.sessionContext.kernelChanged.disconnect(this.notify);
    panel?.model?.contentChanged.disconnect(this.notifyEdited);
    panel?.model?.metadataChanged.disconnect(this.notify);
    panel?.model?.stateChanged.disconnect(this.notify);
  }

  private readonly notify = (): void => {
    this.changedSignal.emit();
  };

  private readonly notifyEdited = (): void => {
    this.editedSignal.emit();
  };

  private disposed = false;
  private notebook: NotebookPanel | null = null;
  private readonly changedSignal = new Signal<this, void>(this);
  private readonly editedSignal = new Signal<this, void>(this);
}
