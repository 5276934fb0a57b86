import type { YCodeCell } from '@jupyter/ydoc';

import { RequestError } from '../../api/request';
import type { IPlan, IPlanRequest, IWish } from '../../api/types';
import { PlanModel } from '../model';
import { FakeNotebook, FakePanel, newPlan } from './fakes';

/** Let what was promised happen, the pause after a choice too. */
async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 10));
}

function watch(panel: FakePanel, answer: () => Promise<IPlan> = () => Promise.resolve(newPlan())) {
  const ask = jest.fn<Promise<IPlan>, [IPlanRequest]>(answer);
  const consent = jest.fn<Promise<void>, [string, IWish]>(() => Promise.resolve());
  return { ask, consent, model: new PlanModel(panel, ask, 0, consent) };
}

describe('consent', () => {
  it('is kept of what a person chooses in the panel, before the plan is asked for', async () => {
    const panel = new FakePanel(new FakeNotebook({ env: ['OLD', 'A=1'] }));
    const { ask, consent, model } = watch(panel);
    model.open();
    await settle();
    model.choose({ base: 'a:1', env: ['OLD', 'NEW', 'B=2'], apt: ['git'] });
    await settle();
    expect(consent.mock.calls).toEqual([
      ['a/n.ipynb', { kind: 'base', value: 'a:1' }],
      ['a/n.ipynb', { kind: 'variable', value: 'NEW' }],
      ['a/n.ipynb', { kind: 'env', value: 'B=2' }]
    ]);
    expect(consent.mock.invocationCallOrder[2]).toBeLessThan(ask.mock.invocationCallOrder[1] ?? 0);
  });

  it('that can not be kept is said', async () => {
    const { ask, consent, model } = watch(new FakePanel(new FakeNotebook()));
    consent.mockRejectedValue(new Error('No room'));
    await model.allow({ kind: 'gpus', value: 'all' });
    expect(model.fault?.message).toBe('No room');
    expect(ask).not.toHaveBeenCalled();
  });
});

describe('the plan', () => {
  it('is asked for when it is opened', async () => {
    const notebook = new FakeNotebook();
    const panel = new FakePanel(notebook);
    const { ask, model } = watch(panel);
    await settle();
    expect(ask).not.toHaveBeenCalled();
    model.open();
    expect(model.isLoading).toBe(true);
    await settle();
    expect(ask.mock.calls).toEqual([[{ notebook: 'a/n.ipynb', options: { mounts: [] } }]]);
    expect(model).toMatchObject({ plan: newPlan(), isLoading: false, isStale: false, fault: null });
  });

  it('is of the file on the disk where the notebook has changes, which only a refresh saves', async () => {
    const panel = new FakePanel(new FakeNotebook());
    const { ask, model } = watch(panel);
    model.open();
    await settle();
    const other = new FakeNotebook();
    other.edit();
    panel.show(other);
    await settle();
    expect(ask).toHaveBeenCalledTimes(2);
    expect(model).toMatchObject({ plan: newPlan(), isStale: true, isLoading: false });
    expect(panel.save).not.toHaveBeenCalled();
    await model.refresh();
    expect(panel.save).toHaveBeenCalledTimes(1);
    expect(panel.save.mock.invocationCallOrder[0]).toBeLessThan(ask.mock.invocationCallOrder[2] ?? 0);
    expect(model.isStale).toBe(false);
  });

  it('is stale once the notebook is edited, and asked for again when that is saved', async () => {
    const notebook = new FakeNotebook();
    const { ask, model } = watch(new FakePanel(notebook));
    model.open();
    await settle();
    notebook.edit();
    await settle();
    expect(model.isStale).toBe(true);
    expect(ask).toHaveBeenCalledTimes(1);
    notebook.save();
    await settle();
    expect(ask).toHaveBeenCalledTimes(2);
    expect(model.isStale).toBe(false);
    notebook.save();
    await settle();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('is stale when its code changes or runs', async () => {
    // The shared model reads a new cell before it is in the notebook, of which Yjs warns.
    jest.spyOn(console, 'warn').mockImplementation();
    const notebook = new FakeNotebook();
    const cell = notebook.model.sharedModel.addCell({ cell_type: 'code', source: 'import a' }) as YCodeCell;
    notebook.model.dirty = false;
    const { model } = watch(new FakePanel(notebook));
    model.open();
    for (const change of [() => cell.setSource('import b'), () => (cell.execution_count = 1)]) {
      await settle();
      expect(model.isStale).toBe(false);
      change();
      await settle();
      expect(model.isStale).toBe(true);
      await model.refresh();
    }
  });

  it('is stale because of another kernel, not because a kernel started', async () => {
    const notebook = new FakeNotebook();
    notebook.model.setMetadata('kernelspec', { name: 'python3' });
    notebook.save();
    const panel = new FakePanel(notebook);
    const { model } = watch(panel);
    model.open();
    await settle();
    notebook.kernel = 'python3';
    notebook.model.sharedModel.setMetadata('language_info', { name: 'python' });
    panel.notebookChanged.emit();
    await settle();
    expect(model.isStale).toBe(false);
    notebook.kernel = 'conda-env';
    panel.notebookChanged.emit();
    await settle();
    expect(model.isStale).toBe(true);
  });

  it('is stale when a setting changes, until it is refreshed', async () => {
    const panel = new FakePanel(new FakeNotebook());
    const { model } = watch(panel);
    model.open();
    await settle();
    panel.options = { base: 'debian:12' };
    panel.notebookChanged.emit();
    await settle();
    expect(model.isStale).toBe(true);
    await model.refresh();
    panel.notebookChanged.emit();
    await settle();
    expect(model.isStale).toBe(false);
  });

  it('stays stale where the notebook is edited while it is worked out', async () => {
    const notebook = new FakeNotebook();
    const { model } = watch(new FakePanel(notebook), async () => {
      notebook.edit();
      return Promise.resolve(newPlan());
    });
    model.open();
    await settle();
    expect(model).toMatchObject({ isStale: true, isLoading: false });
  });

  it('is forgotten when the panel shows another notebook, and a late answer with it', async () => {
    const panel = new FakePanel(new FakeNotebook());
    const answers: ((plan: IPlan) => void)[] = [];
    const { model } = watch(panel, () => new Promise(resolve => answers.push(resolve)));
    model.open();
    await settle();
    panel.show(new FakeNotebook());
    await settle();
    answers[1]?.(newPlan({ base: 'second' }));
    await settle();
    answers[0]?.(newPlan({ base: 'first' }));
    await settle();
    expect(model.plan?.base).toBe('second');
    panel.show(null);
    expect(model).toMatchObject({ plan: null, isLoading: false });
  });

  it('says why there is none, and keeps the last one', async () => {
    const details = { message: 'No package', hint: 'Add it.', fixes: [], error: 'FreezeError', cell: 3, line: 1 };
    const answers = [() => Promise.resolve(newPlan()), () => Promise.reject(new RequestError(details, 422))];
    const { model } = watch(
      new FakePanel(new FakeNotebook()),
      () => answers.shift()?.() ?? Promise.reject(new Error())
    );
    model.open();
    await settle();
    await model.refresh();
    expect(model.fault).toEqual({ message: 'No package', hint: 'Add it.', fixes: [], cell: 3, line: 1 });
    expect(model).toMatchObject({ plan: newPlan(), isLoading: false });
  });

  it('is not followed any more once it is closed, and asked for anew when it is opened', async () => {
    const notebook = new FakeNotebook();
    const { ask, model } = watch(new FakePanel(notebook));
    model.open();
    await settle();
    model.close();
    notebook.edit();
    notebook.save();
    await settle();
    expect(ask).toHaveBeenCalledTimes(1);
    model.open();
    await settle();
    expect(ask).toHaveBeenCalledTimes(2);
  });
});

describe('a choice', () => {
  it('is kept in the notebook, saved, and the plan asked for once after several', async () => {
    const notebook = new FakeNotebook({ verified: 1 });
    const panel = new FakePanel(notebook);
    const { ask, model } = watch(panel);
    model.open();
    await settle();
    model.choose({ apt: ['git'] });
    model.choose({ memory: '2g' });
    expect(notebook.stored).toEqual({ verified: 1, apt: ['git'], memory: '2g' });
    expect(notebook.model.dirty).toBe(true);
    await settle();
    expect(notebook.model.dirty).toBe(false);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('saves no other notebook that is shown soon after', async () => {
    const panel = new FakePanel(new FakeNotebook());
    const { model } = watch(panel);
    model.open();
    await settle();
    model.choose({ apt: ['git'] });
    panel.show(new FakeNotebook());
    await settle();
    expect(panel.save).not.toHaveBeenCalled();
  });

  it('leaves no key behind when it is taken back', () => {
    const notebook = new FakeNotebook({ apt: ['git'] });
    watch(new FakePanel(notebook)).model.choose({ apt: [] });
    expect(notebook.model.metadata).not.toHaveProperty('containerize');
  });

  it('of a mount is kept in the notebook only inside its folder', async () => {
    const notebook = new FakeNotebook();
    const panel = new FakePanel(notebook);
    const { ask, model } = watch(panel);
    model.open();
    await model.mount(null, './data:data:ro');
    await model.mount(null, '/srv:/srv');
    await settle();
    expect(notebook.stored).toEqual({ mounts: ['./data:data:ro'] });
    expect(panel.outsideMounts).toEqual(['/srv:/srv']);
    expect(ask).toHaveBeenLastCalledWith({ notebook: 'a/n.ipynb', options: { mounts: ['/srv:/srv'] } });
  });

  it('of a mount goes to the notebook that it was made for, though another is shown at once', async () => {
    const notebook = new FakeNotebook({ mounts: ['./data:data'] });
    const other = new FakeNotebook();
    const panel = new FakePanel(notebook);
    const done = watch(panel).model.mount('./data:data', '/srv:data');
    panel.show(other);
    await done;
    expect([notebook.stored, other.stored]).toEqual([undefined, undefined]);
    expect(panel.setOutsideMounts.mock.calls).toEqual([[['/srv:data']]]);
  });

  it('can be kept unless the file is read-only', () => {
    const notebook = new FakeNotebook();
    notebook.writable = false;
    expect(watch(new FakePanel(notebook)).model.isEditable).toBe(false);
    expect(watch(new FakePanel(new FakeNotebook())).model.isEditable).toBe(true);
  });
});
