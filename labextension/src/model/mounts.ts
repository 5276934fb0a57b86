/** The mounts that a notebook's metadata may not hold: kept in this browser, by the notebook's path. */

import type { IStateDB } from '@jupyterlab/statedb';
import type { ISignal } from '@lumino/signaling';

import type { IMove } from './moves';

const NAMESPACE = 'jupyter-containerize';
const PREFIX = `${NAMESPACE}:mounts:`;

export class OutsideMounts {
  /** `moved` tells where files go: their mounts go along, and none are left to what has their name next. */
  constructor(
    private readonly state: IStateDB | null,
    moved?: ISignal<unknown, IMove>
  ) {
    moved?.connect((_, move) => void this.inTurn(() => this.move(move)));
  }

  /** The mounts of a notebook that `load` has read. */
  get(path: string): readonly string[] {
    return this.known.get(path) ?? [];
  }

  /** Read the mounts of the notebook at `path`, which another page may have changed; returns whether they are new. */
  load(path: string): Promise<boolean> {
    const before = JSON.stringify(this.known.get(path));
    return this.inTurn(async () => {
      const mounts = await this.read(path);
      this.known.set(path, mounts);
      return JSON.stringify(mounts) !== before;
    });
  }

  set(path: string, mounts: readonly string[]): Promise<void> {
    return this.inTurn(() => this.write(path, mounts));
  }

  private async move({ from, to }: IMove): Promise<void> {
    const paths = await this.paths();
    const below = (place: string): string[] => paths.filter(path => path === place || path.startsWith(`${place}/`));
    for (const path of to === null ? [] : below(to)) {
      await this.write(path, []);
    }
    for (const path of below(from)) {
      if (to !== null) {
        await this.write(to + path.slice(from.length), await this.read(path));
      }
      await this.write(path, []);
    }
  }

  private async paths(): Promise<string[]> {
    const { ids } = (await this.state?.list(NAMESPACE)) ?? { ids: [] };
    const stored = ids.filter(id => id.startsWith(PREFIX)).map(id => id.slice(PREFIX.length));
    return [...new Set([...stored, ...this.known.keys()])];
  }

  private async read(path: string): Promise<readonly string[]> {
    const stored = this.state ? await this.state.fetch(PREFIX + path) : this.known.get(path);
    return Array.isArray(stored) ? stored.filter(each => typeof each === 'string') : [];
  }

  private async write(path: string, mounts: readonly string[]): Promise<void> {
    this.known.set(path, mounts);
    await (mounts.length > 0 ? this.state?.save(PREFIX + path, [...mounts]) : this.state?.remove(PREFIX + path));
  }

  /** Do one thing after the other, so that none reads what another has half written. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined);
    return done;
  }

  private readonly known = new Map<string, readonly string[]>();
  private last: Promise<unknown> = Promise.resolve();
}
