/** A model of the panel without a server. */

import { Sanitizer } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import type { Event } from '../../api/types';
import type { IEngine, IJob } from '../../api/types';
import type { IWatchOptions } from '../../api/watch';
import type { IJobStreamOptions } from '../../api/stream';
import type { CurrentNotebook } from '../../model/current';
import { OutsideMounts } from '../../model/mounts';
import type { Notebooks } from '../../model/notebooks';
import { PanelModel } from '../../model/panel';
import { EventRecord, EventRecords } from '../../model/record';
import { Server } from '../../model/server';

const COMMANDS = ['run', 'run-cells', 'compare', 'build', 'export', 'go-to-cell', 'open-output', 'open-log'];

export class Harness {
  readonly commands = new CommandRegistry();
  readonly executed: [string, unknown][] = [];
  readonly model: PanelModel;
  readonly streams = new Map<string, IJobStreamOptions>();
  /** Once what the model reads at its start is there. */
  readonly ready: Promise<void>;
  private watch: IWatchOptions = { onMessage: () => undefined, onConnected: () => undefined };

  constructor(path: string | null = 'work/penguins.ipynb') {
    for (const name of COMMANDS) {
      this.commands.addCommand(`containerize:${name}`, {
        execute: args => this.executed.push([name, args])
      });
    }
    const mounts = new OutsideMounts(null);
    this.model = new PanelModel({
      trans: nullTranslator.load('jupyter-containerize'),
      commands: this.commands,
      current: newCurrent(path),
      notebooks: { serverPath: (each: string) => each, find: () => undefined } as unknown as Notebooks,
      mounts,
      server: new Server(options => {
        this.watch = options;
        return { isDisposed: false, dispose: () => undefined };
      }),
      rendering: { sanitizer: new Sanitizer(), translator: nullTranslator },
      askSecrets: () => Promise.resolve(null)
    });
    this.ready = mounts.load(path ?? '').then(() => undefined);
    Object.assign(this.model, { records: new EventRecords(each => this.newRecord(each)) });
  }

  connect(isConnected = true): void {
    this.watch.onConnected(isConnected);
  }

  showEngine(fields: Partial<IEngine> = {}): void {
    const engine = { available: true, name: 'Docker Engine 28.5.2, linux/amd64', message: '', hint: '', ...fields };
    this.watch.onMessage({ type: 'engine', engine });
  }

  showJobs(...jobs: IJob[]): void {
    this.watch.onMessage({ type: 'jobs', jobs });
  }

  /** Let the job say something; it must be looked at. */
  say(id: string, ...events: Event[]): void {
    this.streams.get(`jobs/${id}/events`)?.onEvents(events);
  }

  private newRecord(path: string): EventRecord {
    return new EventRecord(path, (_, options) => {
      this.streams.set(path, options);
      return { isDisposed: false, dispose: () => this.streams.delete(path) };
    });
  }
}

function newCurrent(path: string | null): CurrentNotebook {
  const owner = {};
  const panel = path === null ? null : { context: { path }, model: { dirty: true, getMetadata: () => undefined } };
  return {
    panel: panel as unknown as NotebookPanel,
    changed: new Signal<object, void>(owner),
    edited: new Signal<object, void>(owner)
  } as unknown as CurrentNotebook;
}
