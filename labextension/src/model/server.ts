/** What the server tells without being asked: the engine's state and the jobs. */

import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { request, RequestError } from '../api/request';
import type { IEngine, WatchMessage } from '../api/types';
import type { IWatchOptions } from '../api/watch';
import { Watch } from '../api/watch';
import { JobList } from './jobs';

type OpenWatch = (options: IWatchOptions) => IDisposable;

const openWatch: OpenWatch = options => new Watch(options);

/** How it stands with the server; "missing" is one without this extension's other half. */
export type Connection = 'connecting' | 'connected' | 'lost' | 'missing';

export class Server implements IDisposable {
  readonly jobs = new JobList();
  engine: IEngine | null = null;
  connection: Connection = 'connecting';

  constructor(private readonly open = openWatch) {
    this.watch = this.start('');
  }

  /** Fires when the engine, the jobs or the connection change. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  get inventoryChanged(): ISignal<this, void> {
    return this.inventorySignal;
  }

  get isDisposed(): boolean {
    return this.watch.isDisposed;
  }

  dispose(): void {
    this.watch.dispose();
    Signal.clearData(this);
  }

  /** Look at another engine; empty is the server's own. */
  setEngine(name: string): void {
    if (name !== this.engineName) {
      this.watch.dispose();
      this.engine = null;
      this.watch = this.start(name);
      this.inventorySignal.emit();
    }
  }

  private start(engine: string): IDisposable {
    this.engineName = engine;
    return this.open({
      engine: engine || undefined,
      onMessage: message => {
        this.receive(message);
        this.changedSignal.emit();
      },
      onConnected: isConnected => {
        this.become(isConnected ? 'connected' : 'lost');
        if (!isConnected) {
          void this.probe();
        }
      }
    });
  }

  private receive(message: WatchMessage): void {
    switch (message.type) {
      case 'jobs':
        this.jobs.reset(message.jobs);
        // What changed while nobody told is not known.
        this.inventorySignal.emit();
        break;
      case 'job':
        this.jobs.put(message.job);
        break;
      case 'gone':
        this.jobs.remove(message.id);
        break;
      case 'engine':
        this.engine = message.engine;
        break;
      case 'inventory':
        this.inventorySignal.emit();
        break;
    }
  }

  /** A websocket does not say why it did not open. */
  private async probe(): Promise<void> {
    try {
      await request('jobs');
    } catch (error) {
      if (error instanceof RequestError && error.status === 404 && this.connection === 'lost') {
        this.become('missing');
      }
    }
  }

  private become(connection: Connection): void {
    if (connection !== this.connection && !(connection === 'lost' && this.connection === 'missing')) {
      this.connection = connection;
      this.changedSignal.emit();
    }
  }

  private engineName = '';
  private readonly changedSignal = new Signal<this, void>(this);
  private readonly inventorySignal = new Signal<this, void>(this);
  private watch: IDisposable;
}
