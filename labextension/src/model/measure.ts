/** How amounts are written for people, as the command writes them. */

import type { TranslationBundle } from '@jupyterlab/translation';

import type { IProgress } from '../api/types';

/** "0.7 s", "12 s", "3 min 5 s" or "2 h 0 min". */
export function duration(seconds: number): string {
  const tenths = Math.round(Math.max(seconds, 0) * 10) / 10;
  if (tenths < 10) {
    return `${tenths.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "12.3 MB", in the units of a thousand that Docker uses. */
export function fileSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const size = bytes / 1000 ** power;
  return `${power === 0 ? size : size.toFixed(1)} ${units[power] ?? ''}`;
}

/** How much of the item is done, from 0 to 1; null where it is unknown. */
export function fraction(item: IProgress): number | null {
  if (item.done) {
    return 1;
  }
  if (item.current === null || !item.total) {
    return null;
  }
  return Math.min(Math.max(item.current / item.total, 0), 1);
}

/** "12.3 MB of 30.1 MB", "7 of 24", "12.3 MB", "cached", or nothing where nothing is known. */
export function amount(item: IProgress, trans: TranslationBundle): string {
  if (item.cached) {
    return trans.__('cached');
  }
  if (item.current === null) {
    return '';
  }
  const write = item.unit === 'bytes' ? fileSize : String;
  const current = write(item.current);
  return item.total ? trans.__('%1 of %2', current, write(item.total)) : current;
}
