import { nullTranslator } from '@jupyterlab/translation';

import type { IProgress } from '../../api/types';
import { amount, duration, fileSize, fraction } from '../measure';

const ITEM: IProgress = {
  v: 1,
  seq: 1,
  type: 'Progress',
  step: 'build',
  item: 'a',
  label: 'extracting',
  current: null,
  total: null,
  unit: 'bytes',
  done: false,
  cached: false
};

test.each([
  [0.04, '0.0 s'],
  [0.66, '0.7 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [185, '3 min 5 s'],
  [7200, '2 h 0 min']
])('%d seconds are %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [12_300_000, '12.3 MB'],
  [1_400_000_000, '1.4 GB']
])('%d bytes are %s', (bytes, expected) => {
  expect(fileSize(bytes)).toBe(expected);
});

test.each([
  [{}, null, ''],
  [{ current: 2048 }, null, '2.0 kB'],
  [{ current: 10_000_000, total: 40_000_000 }, 0.25, '10.0 MB of 40.0 MB'],
  [{ current: 4, total: 8, unit: 'items' as const }, 0.5, '4 of 8'],
  [{ current: 9, total: 8, unit: 'items' as const }, 1, '9 of 8'],
  [{ done: true, cached: true }, 1, 'cached']
])('the progress %o', (fields, part, text) => {
  const item = { ...ITEM, ...fields };
  expect(fraction(item)).toBe(part);
  expect(amount(item, nullTranslator.load(''))).toBe(text);
});
