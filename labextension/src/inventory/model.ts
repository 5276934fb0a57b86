/** Something of the engine's, while somebody looks at it: read when it is opened and when it may have changed. */

import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Query } from '../api/request';
import { describe } from '../api/request';
import type { IPanelModel } from '../model/interfaces';

type Said = ReturnType<typeof describe>;

export class EngineModel<T> {
  /** `pause` is the least number of milliseconds between two readings that nobody asked for. */
  constructor(
    readonly panel: IPanelModel,
    private readonly read: (query: Query) => Promise<T>,
    pause = 500
  ) {
    this.soon = new Throttler(() => this.refresh(), { limit: pause, edge: 'trailing' });
  }

  /** What was read last; null before. */
  value: T | null = null;
  /** What went wrong last. */
  fault: Said | null = null;
  isLoading = false;
  /** What is being changed, by ID. */
  readonly busy = new Set<string>();

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Whether what was not made here is read too. */
  get all(): boolean {
    return this.isAll;
  }

  set all(all: boolean) {
    this.isAll = all;
    void this.refresh();
  }

  /** The engine that requests are for. */
  get engine(): Query {
    return { engine: this.panel.options.engine };
  }

  open(): void {
    this.panel.inventoryChanged.connect(this.refreshSoon);
    this.panel.stateChanged.connect(this.onState);
    void this.refresh();
  }

  close(): void {
    this.panel.inventoryChanged.disconnect(this.refreshSoon);
    this.panel.stateChanged.disconnect(this.onState);
  }

  /** Read it again; an answer that another question has overtaken is dropped. */
  async refresh(): Promise<void> {
    const turn = ++this.turn;
    this.show({ isLoading: true });
    try {
      const value = await this.read({ ...this.engine, ...(this.isAll && { all: true }) });
      this.settle(turn, { value, fault: null });
    } catch (error) {
      this.settle(turn, { fault: describe(error) });
    }
  }

  /** Change what has this ID, and read all again; what goes wrong is kept to be said. */
  async change(id: string, act: () => Promise<unknown>): Promise<void> {
    this.busy.add(id);
    this.show({ fault: null });
    const fault = await act().then(() => null, describe);
    this.busy.delete(id);
    await this.refresh();
    if (fault) {
      this.show({ fault });
    }
  }

  private settle(turn: number, outcome: Partial<EngineModel<T>>): void {
    if (turn === this.turn) {
      this.show({ ...outcome, isLoading: false });
    }
  }

  private show(state: Partial<EngineModel<T>>): void {
    Object.assign(this, state);
    this.changedSignal.emit();
  }

  private readonly refreshSoon = (): void => {
    void this.soon.invoke();
  };

  /** An engine that came or went has other things. */
  private readonly onState = (): void => {
    const available = this.panel.engine?.available;
    if (available !== this.wasAvailable) {
      this.wasAvailable = available;
      this.refreshSoon();
    }
  };

  private readonly soon: Throttler;
  private readonly changedSignal = new Signal<this, void>(this);
  private isAll = false;
  private wasAvailable: boolean | undefined;
  private turn = 0;
}
