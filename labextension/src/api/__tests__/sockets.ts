/** Websockets that a test answers. */

export class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  isClosed = false;

  constructor(readonly query: Record<string, unknown>) {}

  /** Send a message over the socket, which is open then. */
  send(message: unknown): void {
    this.onopen?.();
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  drop(code = 1006): void {
    this.onclose?.({ code });
  }

  close(): void {
    this.isClosed = true;
  }
}

/** All sockets that were opened, in order. */
export class FakeSockets {
  readonly all: FakeSocket[] = [];

  readonly open = (_path: string, query: Record<string, unknown> = {}): WebSocket => {
    const socket = new FakeSocket(query);
    this.all.push(socket);
    return socket as unknown as WebSocket;
  };

  get last(): FakeSocket {
    const socket = this.all.at(-1);
    if (!socket) {
      throw new Error('No socket was opened.');
    }
    return socket;
  }
}
