/** The fixes of a failure as choices of the notebook, so that a button can make them. */

import type { IFix } from '../api/types';
import type { Choices } from './choices';
import { nameOf, toggled } from './choices';
import { parseMount, withMount } from './mounts';

const KEYS = {
  '--with': 'requirements',
  '--apt': 'apt',
  '-v': 'mounts',
  '--allow-build': 'allow_build',
  '--allow-mismatch': 'allow_mismatch'
} as const;

/** Those that this version knows how to make, each once. */
export function knownFixes(fixes: readonly IFix[]): IFix[] {
  const known = fixes.filter(({ option }) => option in KEYS);
  return [...new Map(known.map(fix => [`${fix.option} ${fix.value}`, fix])).values()];
}

/** Whether the notebook has it already. */
export function isFixed({ option, value }: IFix, choices: Choices, outside: readonly string[]): boolean {
  if (option === '-v') {
    return [...choices.mounts, ...outside].includes(value);
  }
  return choices[KEYS[option]].some(each => nameOf(each) === nameOf(value));
}

/** The choices that change with it, and the mounts that are kept outside of the notebook then. */
export function withFix(
  { option, value }: IFix,
  choices: Choices,
  outside: readonly string[]
): { change: Partial<Choices>; outside: readonly string[] } {
  switch (option) {
    case '--with':
    case '--allow-build':
    case '--allow-mismatch':
      return { change: { [KEYS[option]]: toggled(choices[KEYS[option]], value, true) }, outside };
    case '--apt':
      return {
        change: { apt: toggled(choices.apt, value, true), no_apt: toggled(choices.no_apt, value, false) },
        outside
      };
    case '-v': {
      const isThere = (other: string): boolean => parseMount(other)?.target === parseMount(value)?.target;
      const before = [...choices.mounts, ...outside].find(isThere) ?? null;
      const mounts = withMount({ inside: choices.mounts, outside }, before, value);
      return { change: { mounts: mounts.inside }, outside: mounts.outside };
    }
  }
}
