/** What the settings page holds, and what of it a notebook's job is asked for. */

import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IChoices } from '../api/types';
import { readChoices } from '../plan/choices';
import { parseMount } from '../plan/mounts';

export type ButtonAction = 'run' | 'cells' | 'build';

export interface ISettings {
  button: ButtonAction;
  engine: string;
  base: string;
  mounts: readonly string[];
  memory: string;
  cpus: number;
}

export const DEFAULT_SETTINGS: ISettings = { button: 'run', engine: '', base: '', mounts: [], memory: '', cpus: 0 };

/** The values of the settings registry, which has checked them against the schema. */
export function readSettings(composite: ReadonlyPartialJSONObject): ISettings {
  return { ...DEFAULT_SETTINGS, ...(composite as Partial<ISettings>) };
}

/** The options for a notebook: of the settings what its `metadata` leaves open, and the mounts of this browser. */
export function optionsFor(settings: ISettings, metadata: unknown, outsideMounts: readonly string[]): IChoices {
  const own = readChoices(metadata);
  const taken = new Set([...own.mounts, ...outsideMounts].map(targetOf));
  const mounts = [...settings.mounts.filter(mount => !taken.has(targetOf(mount))), ...outsideMounts];
  return {
    ...(settings.engine && { engine: settings.engine }),
    ...(settings.base && !own.base && { base: settings.base }),
    ...(settings.memory && !own.memory && { memory: settings.memory }),
    ...(settings.cpus && !own.cpus && { cpus: settings.cpus }),
    ...(mounts.length > 0 && { mounts })
  };
}

function targetOf(mount: string): string {
  return parseMount(mount)?.target ?? mount;
}
