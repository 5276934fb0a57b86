/** A mount as `-v` takes it, `SOURCE:TARGET[:ro]`, taken apart for a form and put together again. */

import { PathExt } from '@jupyterlab/coreutils';

import type { IMount, IPlan } from '../api/types';

/** The notebook's folder inside the image, where its place in the project is not known. */
const WORKDIR = '/app';

export interface IMountChoice {
  source: string;
  target: string;
  readOnly: boolean;
  /** Other options of the text, such as `z`. */
  others: readonly string[];
}

const MOUNT = /^((?:[A-Za-z]:(?=[\\/]))?[^:]+):([^:]+)(?::([^:]*))?$/;

/** The parts of the text; null where it has another form, which the server then explains. */
export function parseMount(text: string): IMountChoice | null {
  const [, source, target, options = ''] = MOUNT.exec(text) ?? [];
  if (!source || !target) {
    return null;
  }
  const flags = options.split(',').filter(flag => flag !== '');
  const others = flags.filter(flag => flag !== 'ro' && flag !== 'rw');
  return { source, target, readOnly: flags.includes('ro'), others };
}

export function formatMount(mount: IMountChoice): string {
  const flags = [...(mount.readOnly ? ['ro'] : []), ...mount.others];
  return [mount.source, mount.target, ...(flags.length > 0 ? [flags.join(',')] : [])].join(':');
}

/** Whether the mount's source is a path inside the notebook's folder: only such a mount may be in a notebook. */
export function isPortable(text: string): boolean {
  const source = parseMount(text)?.source ?? '';
  return isRelative(source) && !PathExt.normalize(source).startsWith('..');
}

/** The mounts of a notebook: `inside` are in its metadata, `outside` are kept beside it. */
export interface IMountTexts {
  inside: readonly string[];
  outside: readonly string[];
}

/** The mounts with `after` in the place of `before`, each where it may be kept; null for none. */
export function withMount(mounts: IMountTexts, before: string | null, after: string | null): IMountTexts {
  const isInside = after !== null && isPortable(after);
  return {
    inside: replaced(mounts.inside, before, isInside ? after : null),
    outside: replaced(mounts.outside, before, isInside ? null : after)
  };
}

/** How a notebook at `notebook` names the folder at `folder`; both are paths of the contents API. */
export function sourceOf(notebook: string, folder: string): string {
  const path = PathExt.relative(PathExt.dirname(notebook), folder);
  return path.startsWith('..') ? path : `./${path}`;
}

/** Where the notebook's own relative or absolute path of the source leads to from its folder inside the container. */
export function proposedTarget(source: string, workdir = WORKDIR): string {
  if (source.startsWith('~')) {
    return source.replace(/^~[^/]*/, '/home/app');
  }
  const path = isRelative(source) ? PathExt.normalize(source) : source;
  return path.startsWith('..') ? placeOf(path, workdir) : path.replace(/\/+$/, '');
}

/** The mounts of the plan that neither a choice nor the notebook's data tells of. */
export function untold(plan: Pick<IPlan, 'mounts' | 'data' | 'workdir'>, chosen: readonly string[]): IMount[] {
  const targets = [...chosen.map(text => parseMount(text)?.target ?? ''), ...plan.data.map(each => each.path)];
  const told = new Set(targets.map(target => placeOf(target, plan.workdir)));
  return plan.mounts.filter(each => !told.has(each.target));
}

/** The path in the container that a relative target means. */
function placeOf(target: string, workdir: string): string {
  const path = target.startsWith('/') ? target : `${workdir}/${target}`;
  const parts = PathExt.normalize(path).split('/');
  return `/${parts.filter(part => part !== '' && part !== '..').join('/')}`;
}

function isRelative(source: string): boolean {
  return source.startsWith('.') || (/[/\\]/.test(source) && !/^([/\\~]|[A-Za-z]:)/.test(source));
}

function replaced(list: readonly string[], before: string | null, after: string | null): string[] {
  if (after === null || list.includes(after)) {
    return list.filter(each => each !== before || each === after);
  }
  const place = before === null ? -1 : list.indexOf(before);
  return place < 0 ? [...list, after] : list.map(each => (each === before ? after : each));
}
