import { StateDB } from '@jupyterlab/statedb';
import { Signal } from '@lumino/signaling';

import { OutsideMounts } from '../mounts';
import type { IMove } from '../moves';

const MOUNTS = ['/srv/data:/data:ro'];

function movable(state: StateDB) {
  const moved = new Signal<object, IMove>({});
  return {
    mounts: new OutsideMounts(state, moved),
    move: (from: string, to: string | null): void => {
      moved.emit({ from, to });
    }
  };
}

test('mounts are there again in another page of the same browser', async () => {
  const state = new StateDB();
  await new OutsideMounts(state).set('a.ipynb', MOUNTS);
  const mounts = new OutsideMounts(state);
  expect(await mounts.load('a.ipynb')).toBe(true);
  expect(await mounts.load('a.ipynb')).toBe(false);
  expect(mounts.get('a.ipynb')).toEqual(MOUNTS);
  expect(mounts.get('b.ipynb')).toEqual([]);
});

test('mounts go along with a file that is moved, and leave none to what has its name next', async () => {
  const state = new StateDB();
  const { mounts, move } = movable(state);
  await mounts.set('a.ipynb', MOUNTS);
  move('a.ipynb', 'b.ipynb');
  expect(await mounts.load('b.ipynb')).toBe(true);
  expect(mounts.get('b.ipynb')).toEqual(MOUNTS);
  await mounts.load('a.ipynb');
  expect(mounts.get('a.ipynb')).toEqual([]);
  move('b.ipynb', null);
  await mounts.load('b.ipynb');
  expect(mounts.get('b.ipynb')).toEqual([]);
  expect((await state.list('jupyter-containerize')).ids).toEqual([]);
});

test('mounts go along with a folder, and those of the place where it goes are no more', async () => {
  const { mounts, move } = movable(new StateDB());
  await mounts.set('old/a.ipynb', MOUNTS);
  await mounts.set('older.ipynb', MOUNTS);
  await mounts.set('new/b.ipynb', MOUNTS);
  move('old', 'new');
  await Promise.all(['new/a.ipynb', 'new/b.ipynb', 'older.ipynb'].map(path => mounts.load(path)));
  expect(mounts.get('new/a.ipynb')).toEqual(MOUNTS);
  expect(mounts.get('new/b.ipynb')).toEqual([]);
  expect(mounts.get('older.ipynb')).toEqual(MOUNTS);
});

test('what another page has changed is read', async () => {
  const state = new StateDB();
  const mounts = new OutsideMounts(state);
  await mounts.load('a.ipynb');
  await new OutsideMounts(state).set('a.ipynb', MOUNTS);
  expect(await mounts.load('a.ipynb')).toBe(true);
  expect(mounts.get('a.ipynb')).toEqual(MOUNTS);
});

test('the last mount that goes leaves nothing behind', async () => {
  const state = new StateDB();
  const mounts = new OutsideMounts(state);
  await mounts.set('a.ipynb', MOUNTS);
  await mounts.set('a.ipynb', []);
  expect((await state.list('jupyter-containerize')).ids).toEqual([]);
});

test('what is stored there by others is no mount', async () => {
  const state = new StateDB();
  await state.save('jupyter-containerize:mounts:a.ipynb', { text: 1 });
  const mounts = new OutsideMounts(state);
  await mounts.load('a.ipynb');
  expect(mounts.get('a.ipynb')).toEqual([]);
});

test('without a state database they last as long as the page', async () => {
  const mounts = new OutsideMounts(null);
  await mounts.set('a.ipynb', MOUNTS);
  expect(mounts.get('a.ipynb')).toEqual(MOUNTS);
});
