/** What a job, or a container, has said so far: its steps and its log, for as long as somebody looks. */

import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Event } from '../api/types';
import type { IJobStreamOptions } from '../api/stream';
import { JobStream } from '../api/stream';
import { LogBuffer } from '../log/buffer';
import { Steps } from './steps';

type OpenStream = (path: string, options: IJobStreamOptions) => IDisposable;

const openStream: OpenStream = (path, options) => new JobStream(path, options);

export class EventRecord implements IDisposable {
  readonly steps = new Steps();
  readonly log = new LogBuffer();

  /** Whether events come as they happen; false while the connection is sought again. */
  isConnected = true;
  /** Whether all there will be is here. */
  isComplete = false;
  /** Whether what it is of is not there any more. */
  isGone = false;

  /** `path` is where its events are on the server. */
  constructor(
    readonly path: string,
    open = openStream
  ) {
    this.stream = open(path, {
      onEvents: events => {
        this.add(events);
      },
      onConnected: isConnected => {
        if (this.isConnected !== isConnected) {
          this.isConnected = isConnected;
          this.changedSignal.emit();
        }
      },
      onEnd: () => {
        this.end();
      },
      onGone: () => {
        this.isGone = true;
        this.end();
      }
    });
  }

  /** Fires when the steps or the states change, at most once for a message of the server. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  get isDisposed(): boolean {
    return this.stream.isDisposed;
  }

  dispose(): void {
    this.stream.dispose();
    Signal.clearData(this);
  }

  private add(events: readonly Event[]): void {
    let printed = '';
    for (const event of events) {
      if (event.type !== 'Log') {
        this.steps.add(event);
        continue;
      }
      if (event.step !== this.printing) {
        this.print(printed);
        printed = '';
        this.open(event.step);
      }
      printed += event.text;
    }
    this.print(printed);
    this.changedSignal.emit();
  }

  private end(): void {
    this.isComplete = true;
    this.isConnected = true;
    this.steps.stop();
    this.changedSignal.emit();
  }

  private print(text: string): void {
    if (text) {
      this.log.feed(text);
    }
  }

  /** Say which step prints from here on; a container's log has none. */
  private open(step: string): void {
    this.printing = step;
    const title = this.steps.find(step)?.title;
    if (title) {
      this.log.heading(title);
    }
  }

  private printing = '';
  private readonly changedSignal = new Signal<this, void>(this);
  private readonly stream: IDisposable;
}

/** The records that are looked at, each shared by those who look. */
export class EventRecords {
  constructor(private readonly create = (path: string) => new EventRecord(path)) {}

  /** The record of what is at `path`; `release` it when it is not looked at any more. */
  acquire(path: string): EventRecord {
    const entry = this.entries.get(path) ?? { record: this.create(path), uses: 0 };
    entry.uses += 1;
    this.entries.set(path, entry);
    return entry.record;
  }

  release(path: string): void {
    const entry = this.entries.get(path);
    if (entry && --entry.uses === 0) {
      this.entries.delete(path);
      entry.record.dispose();
    }
  }

  private readonly entries = new Map<string, { record: EventRecord; uses: number }>();
}
