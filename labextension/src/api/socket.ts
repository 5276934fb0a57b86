/** A websocket that opens again, after a growing pause, until it is closed for good. */

import type { IDisposable } from '@lumino/disposable';

const FIRST_PAUSE = 500; // milliseconds
const LONGEST_PAUSE = 10_000;
const NORMAL_END = 1000;

export interface ISocketOptions {
  /** Open the socket; asked again for each try. */
  open: () => WebSocket;
  onMessage: (message: unknown) => void;
  /** Whether messages come now. */
  onConnected: (isConnected: boolean) => void;
  /** The server said that there is no more; without it, that counts as a drop. */
  onEnd?: () => void;
  /** A try has not opened the socket, of which the browser does not say why. */
  onRefused?: () => void;
}

export class LastingSocket implements IDisposable {
  constructor(private readonly options: ISocketOptions) {
    window.addEventListener('online', this.retry);
    this.connect();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    window.removeEventListener('online', this.retry);
    clearTimeout(this.timer);
    this.drop();
  }

  /** Drop the connection, if there is one, and open a new one at once. */
  reconnect(): void {
    clearTimeout(this.timer);
    this.drop();
    this.connect();
  }

  private connect(): void {
    const socket = this.options.open();
    let isOpen = false;
    socket.onopen = () => {
      isOpen = true;
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      this.receive(event.data);
    };
    socket.onclose = (event: CloseEvent) => {
      this.closed(event.code);
      if (!isOpen) {
        this.options.onRefused?.();
      }
    };
    this.socket = socket;
  }

  private receive(data: string): void {
    this.pause = FIRST_PAUSE;
    this.options.onConnected(true);
    this.options.onMessage(JSON.parse(data));
  }

  private closed(code: number): void {
    this.socket = null;
    if (code === NORMAL_END && this.options.onEnd) {
      this.dispose();
      this.options.onEnd();
      return;
    }
    this.options.onConnected(false);
    this.timer = window.setTimeout(this.retry, this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  private readonly retry = (): void => {
    if (!this.socket && !this.disposed) {
      this.reconnect();
    }
  };

  private drop(): void {
    if (this.socket) {
      this.socket.onopen = null;
      this.socket.onmessage = null;
      this.socket.onclose = null;
      this.socket.close();
      this.socket = null;
    }
  }

  private disposed = false;
  private pause = FIRST_PAUSE;
  private socket: WebSocket | null = null;
  private timer = 0;
}
