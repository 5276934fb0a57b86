/** What the user chose for a notebook ↔ the notebook's metadata `containerize` (docs/reference.md has its keys). */

import type { INotebookModel } from '@jupyterlab/notebook';
import type { PartialJSONObject, PartialJSONValue } from '@lumino/coreutils';

export const METADATA_KEY = 'containerize';

const LISTS = ['apt', 'no_apt', 'requirements', 'allow_build', 'allow_mismatch', 'mounts', 'env', 'ports'] as const;
const TEXTS = ['base', 'memory', 'cpus', 'gpus', 'network'] as const;

export type ListKey = (typeof LISTS)[number];
export type TextKey = (typeof TEXTS)[number];

/** Every choice a notebook can keep; an empty list or text is the default. */
export type Choices = Readonly<Record<ListKey, readonly string[]> & Record<TextKey, string>>;

/** The choices in the metadata; what is not a text, a number or a list of them is passed over. */
export function readChoices(metadata: unknown): Choices {
  const stored = isObject(metadata) ? metadata : {};
  const lists = LISTS.map(key => [key, texts(stored[key])]);
  // The command takes the last of several, so a list for a single value means its last.
  const single = TEXTS.map(key => [key, texts(stored[key]).at(-1) ?? '']);
  return Object.fromEntries([...lists, ...single]) as Choices;
}

/**
 * The metadata with these choices worked in; undefined where nothing is left to keep.
 *
 * A key whose choice did not change keeps the form it has, and so does a key that is not ours.
 */
export function writeChoices(metadata: unknown, choices: Choices): PartialJSONObject | undefined {
  const before = readChoices(metadata);
  const ours = [...LISTS, ...TEXTS].filter(key => !same(before[key], choices[key]));
  const changed = Object.fromEntries(ours.map(key => [key, stored(key, choices[key])]));
  const all = { ...(isObject(metadata) ? metadata : {}), ...changed };
  const kept = Object.entries(all).filter(([key, value]) => !(key in choices && isDefault(value)));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Keep what changes in the metadata of a notebook. */
export function keepChoices(notebook: INotebookModel['sharedModel'] | undefined, change: Partial<Choices>): void {
  const metadata: unknown = notebook?.getMetadata(METADATA_KEY);
  const value = writeChoices(metadata, { ...readChoices(metadata), ...change });
  if (value) {
    notebook?.setMetadata(METADATA_KEY, value);
  } else {
    notebook?.deleteMetadata(METADATA_KEY);
  }
}

/** What a requirement or a Debian package is of, as package indexes compare names; all of it where it is an address. */
export function nameOf(requirement: string): string {
  const name = /^\s*(\w[\w.+-]*)\s*(?:$|[[<>=!~;@#(])/.exec(requirement)?.[1];
  return name?.toLowerCase().replace(/[-_.]+/g, '-') ?? requirement.trim();
}

/** The list without what is `item`, or with it at the end. */
export function toggled(list: readonly string[], item: string, on: boolean): string[] {
  const rest = list.filter(each => nameOf(each) !== nameOf(item));
  return on ? [...rest, item] : rest;
}

function stored(key: ListKey | TextKey, value: readonly string[] | string): PartialJSONValue {
  if (typeof value !== 'string') {
    return [...value];
  }
  const number = Number(value);
  return key === 'cpus' && String(number) === value && Number.isFinite(number) ? number : value;
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value])
    .filter(each => typeof each === 'string' || typeof each === 'number')
    .map(String)
    .filter(each => each !== '');
}

function isObject(value: unknown): value is PartialJSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDefault(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function same(one: readonly string[] | string, other: readonly string[] | string): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
