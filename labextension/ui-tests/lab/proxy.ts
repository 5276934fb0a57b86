/** A socket in front of another that a test closes and opens again. */

import { rmSync } from 'node:fs';
import type { NetConnectOpts, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export class Proxy {
  /** `at` is the path or port to listen on, `upstream` where to. */
  constructor(
    private readonly at: string | number,
    private readonly upstream: NetConnectOpts
  ) {}

  /** Take connections. */
  async open(): Promise<void> {
    if (typeof this.at === 'string') {
      rmSync(this.at, { force: true });
    }
    this.server = createServer(socket => {
      this.pass(socket);
    });
    await new Promise<void>(resolve => {
      if (typeof this.at === 'string') {
        this.server?.listen(this.at, resolve);
      } else {
        this.server?.listen(this.at, '127.0.0.1', resolve);
      }
    });
  }

  /** Take none, and cut those that there are. */
  async close(): Promise<void> {
    const { server } = this;
    const closed = new Promise(resolve => server?.close(resolve) ?? resolve(null));
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await closed;
    this.server = null;
  }

  private pass(socket: Socket): void {
    const far = connect(this.upstream);
    for (const [end, other] of [
      [socket, far],
      [far, socket]
    ] as const) {
      this.sockets.add(end);
      end.pipe(other);
      end.on('error', () => other.destroy());
      end.on('close', () => {
        this.sockets.delete(end);
        other.destroy();
      });
    }
  }

  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
}
