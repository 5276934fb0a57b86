import { StateDB } from '@jupyterlab/statedb';

import { OutsideMounts } from '../mounts';

const MOUNTS = ['/srv/data:/data:ro'];

test('mounts are there again in another page of the same browser', async () => {
  const state = new StateDB();
  await new OutsideMounts(state).set('a.ipynb', MOUNTS);
  const mounts = new OutsideMounts(state);
  expect(await mounts.load('a.ipynb')).toBe(true);
  expect(await mounts.load('a.ipynb')).toBe(false);
  expect(mounts.get('a.ipynb')).toEqual(MOUNTS);
  expect(mounts.get('b.ipynb')).toEqual([]);
});

test('a notebook keeps its mounts under a new name', async () => {
  const state = new StateDB();
  const mounts = new OutsideMounts(state);
  const notebook = {};
  await mounts.load('a.ipynb', notebook);
  await mounts.set('a.ipynb', MOUNTS);
  expect(await mounts.load('b.ipynb', notebook)).toBe(true);
  expect(mounts.get('b.ipynb')).toEqual(MOUNTS);
  expect(await mounts.load('b.ipynb', notebook)).toBe(false);
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
