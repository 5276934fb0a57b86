/** The one socket of what changes on the server. */

import type { IDisposable } from '@lumino/disposable';

import { socket } from './request';
import { LastingSocket } from './socket';
import type { WatchMessage } from './types';

export interface IWatchOptions {
  onMessage: (message: WatchMessage) => void;
  /** Whether the server answers. */
  onConnected: (isConnected: boolean) => void;
  /** Another engine than the server's own. */
  engine?: string | undefined;
  open?: typeof socket;
}

export class Watch implements IDisposable {
  constructor(options: IWatchOptions) {
    const open = options.open ?? socket;
    this.socket = new LastingSocket({
      open: () => open('watch', { engine: options.engine }),
      onMessage: message => {
        options.onMessage(message as WatchMessage);
      },
      onConnected: options.onConnected
    });
  }

  get isDisposed(): boolean {
    return this.socket.isDisposed;
  }

  dispose(): void {
    this.socket.dispose();
  }

  private readonly socket: LastingSocket;
}
