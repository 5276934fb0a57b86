import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookModel } from '@jupyterlab/notebook';
import { PromiseDelegate } from '@lumino/coreutils';

import { Saves } from '../saves';

/** A notebook whose saves end when the test says so. */
class SlowNotebook {
  readonly model = new NotebookModel();
  readonly saved: PromiseDelegate<void>[] = [];

  readonly panel = {
    context: {
      ready: Promise.resolve(),
      model: this.model,
      save: async (): Promise<void> => {
        const ended = new PromiseDelegate<void>();
        this.saved.push(ended);
        await ended.promise;
        this.model.dirty = false;
      }
    }
  } as unknown as NotebookPanel;
}

async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve));
}

describe('Saves', () => {
  const saves = new Saves();

  it('saves a notebook that has changes, and no other', async () => {
    const notebook = new SlowNotebook();
    await saves.save(notebook.panel);
    expect(notebook.saved).toHaveLength(0);
    notebook.model.dirty = true;
    void saves.save(notebook.panel);
    await settle();
    expect(notebook.saved).toHaveLength(1);
  });

  it('waits for the save that goes on, and saves what was changed meanwhile', async () => {
    const notebook = new SlowNotebook();
    const { panel } = notebook;
    notebook.model.dirty = true;
    const first = saves.save(panel);
    await settle();
    notebook.model.setMetadata('containerize', { memory: '1g' });
    const second = saves.save(panel);
    await settle();
    expect(notebook.saved).toHaveLength(1);
    notebook.saved[0]?.resolve();
    await first;
    await settle();
    expect(notebook.saved).toHaveLength(2);
    notebook.saved[1]?.resolve();
    await second;
    expect(notebook.model.dirty).toBe(false);
  });

  it('saves again after a save that failed', async () => {
    const notebook = new SlowNotebook();
    const { panel } = notebook;
    notebook.model.dirty = true;
    const first = saves.save(panel);
    await settle();
    notebook.saved[0]?.reject(new Error('disk full'));
    await expect(first).rejects.toThrow('disk full');
    void saves.save(panel);
    await settle();
    expect(notebook.saved).toHaveLength(2);
  });
});
