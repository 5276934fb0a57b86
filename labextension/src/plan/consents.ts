/** What a person allows a notebook to ask for; kept on the server, outside of the notebook. */

import { allowWish } from '../api/jobs';
import type { IWish, WishKind } from '../api/types';
import type { IPanelModel } from '../model/interfaces';
import type { Choices } from './choices';
import { parseVariable } from './variables';

const KINDS = ['allow_build', 'allow_mismatch', 'base', 'env', 'gpus', 'mounts', 'network', 'ports'] as const;

/** What a person chose in the panel is their own word: the wishes that the notebook has by it and had not before. */
export function newWishes(before: Choices, change: Partial<Choices>): IWish[] {
  return KINDS.flatMap(kind => {
    const had = new Set(listed(before[kind]));
    return listed(change[kind] ?? [])
      .filter(value => value !== '' && !had.has(value))
      .map(value => ({ kind: kindOf(kind, value), value }));
  });
}

/** Keep on the server that the person allows these; where that fails, the plan lists them as not allowed. */
export async function keepConsents(
  panel: IPanelModel,
  wishes: readonly IWish[],
  consent: typeof allowWish = allowWish
): Promise<void> {
  const request = wishes.length > 0 ? await panel.planRequest() : null;
  if (request) {
    await Promise.allSettled(wishes.map(wish => consent(request.notebook, wish)));
  }
}

function kindOf(kind: (typeof KINDS)[number], value: string): WishKind {
  return kind === 'env' && parseVariable(value).value === null ? 'variable' : kind;
}

function listed(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
