/** Saving notebooks. */

import type { NotebookPanel } from '@jupyterlab/notebook';

/** Saves each notebook once at a time, since JupyterLab takes the second of two saves at once for somebody else's. */
export class Saves {
  /** Save it where it has changes that are not in its file; throws where that fails. */
  save(panel: NotebookPanel): Promise<void> {
    const before = this.last.get(panel)?.catch(() => undefined);
    const save = Promise.resolve(before).then(() => saveChanges(panel));
    this.last.set(panel, save);
    return save;
  }

  private readonly last = new WeakMap<NotebookPanel, Promise<void>>();
}

async function saveChanges({ context }: NotebookPanel): Promise<void> {
  await context.ready;
  const { model } = context;
  if (!model.dirty && !model.collaborative) {
    return;
  }
  let isEdited = false;
  const note = (): void => {
    isEdited = true;
  };
  model.contentChanged.connect(note);
  await context.save().finally(() => {
    model.contentChanged.disconnect(note);
  });
  // What is changed meanwhile is not in the file, but the save took that for saved too.
  model.dirty = isEdited;
}
