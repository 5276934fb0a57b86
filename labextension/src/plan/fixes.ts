/** What a hint says to add, such as `--apt libgl1`, as choices of the notebook: a button can do it. */

import type { Choices } from './choices';
import { nameOf, toggled } from './choices';
import { parseMount, withMount } from './mounts';

export interface IFix {
  key: 'requirements' | 'apt' | 'mounts';
  text: string;
}

const KEYS: Readonly<Record<string, IFix['key']>> = { '--with': 'requirements', '--apt': 'apt', '-v': 'mounts' };
const OPTION = /(?<![\w-])(--with|--apt|-v) (?:'([^']+)'|([^\s'"`,;()]*[^\s'"`,;().:]))/g;
// A sentence that goes on behind the option, and words in the place of what only the user knows.
const NOT_MEANT = /^(?:and|as|for|if|in|is|it|or|that|to|where)$|\b(?:FILE|FOLDER|NAME|PACKAGE|SOURCE|TARGET)\b/;
const FIRST = /\bmake it first\b/;

/** The fixes that the hint names, each once; none where something else is to be done before. */
export function fixesIn(hint: string): IFix[] {
  const found = new Map<string, IFix>();
  for (const [all, option = '', quoted, plain = ''] of FIRST.test(hint) ? [] : hint.matchAll(OPTION)) {
    const key = KEYS[option];
    const text = quoted ?? plain;
    if (key && !NOT_MEANT.test(text) && (key !== 'mounts' || text.includes(':'))) {
      found.set(all, { key, text });
    }
  }
  return [...found.values()];
}

/** Whether the notebook has it already. */
export function isFixed(fix: IFix, choices: Choices, outside: readonly string[]): boolean {
  if (fix.key === 'mounts') {
    return [...choices.mounts, ...outside].includes(fix.text);
  }
  return choices[fix.key].some(each => nameOf(each) === nameOf(fix.text));
}

/** The choices that change with it, and the mounts that are kept outside of the notebook then. */
export function withFix(
  { key, text }: IFix,
  choices: Choices,
  outside: readonly string[]
): { change: Partial<Choices>; outside: readonly string[] } {
  switch (key) {
    case 'requirements':
      return { change: { requirements: toggled(choices.requirements, text, true) }, outside };
    case 'apt':
      return {
        change: { apt: toggled(choices.apt, text, true), no_apt: toggled(choices.no_apt, text, false) },
        outside
      };
    case 'mounts': {
      const isThere = (other: string): boolean => parseMount(other)?.target === parseMount(text)?.target;
      const before = [...choices.mounts, ...outside].find(isThere) ?? null;
      const mounts = withMount({ inside: choices.mounts, outside }, before, text);
      return { change: { mounts: mounts.inside }, outside: mounts.outside };
    }
  }
}
