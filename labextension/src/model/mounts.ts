/** The mounts that a notebook's metadata may not hold: kept in this browser, by the notebook's path. */

import type { IStateDB } from '@jupyterlab/statedb';

const PREFIX = 'jupyter-containerize:mounts:';

export class OutsideMounts {
  constructor(private readonly state: IStateDB | null) {}

  /** The mounts of a notebook that `load` has read. */
  get(path: string): readonly string[] {
    return this.known.get(path) ?? [];
  }

  /** Read the notebook's mounts; returns whether they were not known. */
  async load(path: string): Promise<boolean> {
    if (this.known.has(path)) {
      return false;
    }
    const stored = await this.state?.fetch(PREFIX + path);
    this.known.set(path, Array.isArray(stored) ? stored.filter(each => typeof each === 'string') : []);
    return true;
  }

  async set(path: string, mounts: readonly string[]): Promise<void> {
    this.known.set(path, mounts);
    await (mounts.length > 0 ? this.state?.save(PREFIX + path, [...mounts]) : this.state?.remove(PREFIX + path));
  }

  /** A notebook was renamed. */
  async move(from: string, to: string): Promise<void> {
    const mounts = this.get(from);
    await this.set(from, []);
    await this.set(to, mounts);
  }

  private readonly known = new Map<string, readonly string[]>();
}
