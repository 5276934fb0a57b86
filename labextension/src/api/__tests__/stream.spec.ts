import type { Event, ILog } from '../types';
import { request, RequestError } from '../request';
import { JobStream } from '../stream';
import { FakeSockets } from './sockets';

jest.mock('../request', () => ({ ...jest.requireActual<object>('../request'), request: jest.fn() }));

function log(seq: number): ILog {
  return { v: 1, seq, type: 'Log', step: 'run', text: `${seq}\n`, stream: 'stdout' };
}

function range(first: number, last: number): ILog[] {
  return Array.from({ length: last - first + 1 }, (_, index) => log(first + index));
}

function refusal(status: number, error: string): RequestError {
  return new RequestError({ message: 'There is none.', hint: '', fixes: [], error, cell: null, line: null }, status);
}

describe('JobStream', () => {
  let sockets: FakeSockets;
  let seen: number[];
  let states: boolean[];
  let ended: jest.Mock;
  let gone: jest.Mock;
  let stream: JobStream;

  beforeEach(() => {
    jest.useFakeTimers();
    sockets = new FakeSockets();
    seen = [];
    states = [];
    ended = jest.fn();
    gone = jest.fn();
    jest.mocked(request).mockReset().mockRejectedValue(refusal(400, 'HTTPError'));
    stream = new JobStream('jobs/1/events', {
      open: sockets.open,
      query: { engine: 'far' },
      onEvents: (events: readonly Event[]) => seen.push(...events.map(event => event.seq)),
      onConnected: isConnected => states.push(isConnected),
      onEnd: ended,
      onGone: gone
    });
  });

  afterEach(() => {
    stream.dispose();
    jest.useRealTimers();
  });

  it('asks for all events at first', () => {
    expect(sockets.last.query).toEqual({ engine: 'far', since: 0 });
  });

  it('goes on after a drop where it was, each event once and in order', () => {
    sockets.last.send(range(1, 12));
    sockets.last.drop();
    jest.advanceTimersByTime(500);
    expect(sockets.last.query).toEqual({ engine: 'far', since: 12 });
    sockets.last.send(range(10, 20));
    sockets.last.send(range(21, 30));
    expect(seen).toEqual(range(1, 30).map(event => event.seq));
    expect(states).toEqual([true, false, true, true]);
  });

  it('waits longer after each try that brought nothing', () => {
    const pauses = [500, 1000, 2000, 4000, 8000, 10_000, 10_000];
    for (const [tries, pause] of pauses.entries()) {
      sockets.last.drop();
      jest.advanceTimersByTime(pause - 1);
      expect(sockets.all).toHaveLength(tries + 1);
      jest.advanceTimersByTime(1);
      expect(sockets.all).toHaveLength(tries + 2);
    }
    sockets.last.send([log(1)]);
    sockets.last.drop();
    jest.advanceTimersByTime(500);
    expect(sockets.all).toHaveLength(pauses.length + 2);
  });

  it('tries at once when the browser is online again', () => {
    sockets.last.drop();
    window.dispatchEvent(new window.Event('online'));
    expect(sockets.all).toHaveLength(2);
    window.dispatchEvent(new window.Event('online'));
    jest.advanceTimersByTime(60_000);
    expect(sockets.all).toHaveLength(2);
  });

  it('ends when the server says that there is no more', () => {
    sockets.last.send([log(1)]);
    sockets.last.drop(1000);
    jest.advanceTimersByTime(60_000);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(sockets.all).toHaveLength(1);
    expect(stream.isDisposed).toBe(true);
  });

  it('asks why it is refused, and stops only where the server says that there is nothing', async () => {
    for (const reason of [refusal(400, 'HTTPError'), refusal(404, ''), new Error('offline')]) {
      jest.mocked(request).mockRejectedValue(reason);
      sockets.last.drop();
      await jest.advanceTimersByTimeAsync(10_000);
    }
    expect(gone).not.toHaveBeenCalled();
    expect(request).toHaveBeenLastCalledWith('jobs/1/events', { query: { engine: 'far' } });
    jest.mocked(request).mockRejectedValue(refusal(404, 'MissingError'));
    sockets.last.drop();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(gone).toHaveBeenCalledTimes(1);
    expect(stream.isDisposed).toBe(true);
    expect(sockets.all).toHaveLength(4);
  });

  it('asks nothing where a socket that was open is lost', () => {
    sockets.last.send([log(1)]);
    sockets.last.drop();
    expect(request).not.toHaveBeenCalled();
  });

  it('is silent once it is disposed', () => {
    const { last } = sockets;
    stream.dispose();
    last.send([log(1)]);
    last.drop();
    jest.advanceTimersByTime(60_000);
    expect(last.isClosed).toBe(true);
    expect(sockets.all).toHaveLength(1);
    expect(seen).toEqual([]);
  });
});
