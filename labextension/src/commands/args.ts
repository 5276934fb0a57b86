/** Arguments of commands, which come from anywhere. */

import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

export function textIn(args: ReadonlyPartialJSONObject, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' ? value : null;
}

export function numberIn(args: ReadonlyPartialJSONObject, name: string): number | null {
  const value = args[name];
  return typeof value === 'number' ? value : null;
}
