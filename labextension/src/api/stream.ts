/** The events of a job, or of a container, each once and in order, over as many sockets as it takes. */

import type { IDisposable } from '@lumino/disposable';

import type { Event } from './types';
import type { Query } from './request';
import { isGone, request, socket } from './request';
import { LastingSocket } from './socket';

export interface IJobStreamOptions {
  /** The events that are new, at least one. */
  onEvents: (events: readonly Event[]) => void;
  /** Whether they come now, or the connection was lost and is sought. */
  onConnected?: (isConnected: boolean) => void;
  /** There are no more. */
  onEnd?: () => void;
  /** What they are of is not there any more, and neither will they be. */
  onGone?: () => void;
  /** The `seq` of the last event that is known. */
  since?: number;
  query?: Query;
  open?: (path: string, query: Query) => WebSocket;
}

export class JobStream implements IDisposable {
  /** `path` is "jobs/ID/events" or "containers/NAME/logs", with the engine of the container behind it. */
  constructor(path: string, options: IJobStreamOptions) {
    const open = options.open ?? socket;
    this.last = options.since ?? 0;
    this.socket = new LastingSocket({
      open: () => open(path, { ...options.query, since: this.last }),
      onMessage: message => {
        this.receive(message as Event[], options.onEvents);
      },
      onConnected: isConnected => options.onConnected?.(isConnected),
      onEnd: () => options.onEnd?.(),
      onRefused: () => void this.ask(path, options)
    });
  }

  get isDisposed(): boolean {
    return this.socket.isDisposed;
  }

  dispose(): void {
    this.socket.dispose();
  }

  /** Ask why the socket did not open. */
  private async ask(path: string, { query, onGone }: IJobStreamOptions): Promise<void> {
    const reason: unknown = await request(path, query && { query }).catch((error: unknown) => error);
    if (isGone(reason) && !this.isDisposed) {
      this.dispose();
      onGone?.();
    }
  }

  private receive(events: readonly Event[], onEvents: IJobStreamOptions['onEvents']): void {
    const fresh: Event[] = [];
    for (const event of events) {
      if (event.seq > this.last) {
        this.last = event.seq;
        fresh.push(event);
      }
    }
    if (fresh.length > 0) {
      onEvents(fresh);
    }
  }

  private last: number;
  private readonly socket: LastingSocket;
}
