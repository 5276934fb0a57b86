/** A warning fails the test that caused it, but for what JupyterLab and Yjs say of a browser that is none. */

import { format } from 'node:util';

const OF_OTHERS = [/^Clipboard API not available/, /^Invalid access: Add Yjs type/, /\[yjs#509\]/];
const said: string[] = [];

const take = (...words: unknown[]): void => {
  const text = format(...words);
  if (!OF_OTHERS.some(known => known.test(text))) {
    said.push(text);
  }
};
console.warn = take;
console.error = take;

afterEach(() => {
  expect(said.splice(0)).toEqual([]);
});
