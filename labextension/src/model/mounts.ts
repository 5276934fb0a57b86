/** The mounts that a notebook's metadata may not hold: kept in this browser, by the notebook's path. */

import type { IStateDB } from '@jupyterlab/statedb';

const PREFIX = 'jupyter-containerize:mounts:';

export class OutsideMounts {
  constructor(private readonly state: IStateDB | null) {}

  /** The mounts of a notebook that `load` has read. */
  get(path: string): readonly string[] {
    return this.known.get(path) ?? [];
  }

  /**
   * Read the mounts of the notebook at `path`; returns whether they were not known.
   *
   * `notebook` is the open document: under a new name it keeps its mounts.
   */
  async load(path: string, notebook?: object | null): Promise<boolean> {
    const before = notebook ? this.paths.get(notebook) : undefined;
    if (notebook) {
      this.paths.set(notebook, path);
    }
    if (before !== undefined && before !== path && this.get(before).length > 0) {
      await this.set(path, this.get(before));
      return true;
    }
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

  private readonly paths = new WeakMap<object, string>();
  private readonly known = new Map<string, readonly string[]>();
}
