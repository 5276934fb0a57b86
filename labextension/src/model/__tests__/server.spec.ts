import { request, RequestError } from '../../api/request';
import type { IWatchOptions } from '../../api/watch';
import { Server } from '../server';
import { newJob } from './samples';

jest.mock('../../api/request', () => ({
  ...jest.requireActual<object>('../../api/request'),
  request: jest.fn()
}));

const ENGINE = { available: true, name: 'Docker Engine 28', message: '', hint: '' };

describe('Server', () => {
  let watches: (IWatchOptions & { isDisposed: boolean; dispose: () => void })[];
  let server: Server;
  let inventory: number;

  beforeEach(() => {
    jest.resetAllMocks();
    jest.mocked(request).mockResolvedValue([]);
    watches = [];
    inventory = 0;
    server = new Server(options => {
      const watch = {
        ...options,
        isDisposed: false,
        dispose() {
          this.isDisposed = true;
        }
      };
      watches.push(watch);
      return watch;
    });
    server.inventoryChanged.connect(() => {
      inventory += 1;
    });
  });

  const last = (): IWatchOptions => {
    const watch = watches.at(-1);
    if (!watch) {
      throw new Error('Nothing is watched.');
    }
    return watch;
  };

  it('knows the jobs and the engine as they are told', () => {
    last().onConnected(true);
    last().onMessage({ type: 'jobs', jobs: [newJob()] });
    last().onMessage({ type: 'engine', engine: ENGINE });
    last().onMessage({ type: 'job', job: newJob({ id: 'j2', seq: 1 }) });
    last().onMessage({ type: 'gone', id: 'j1' });
    expect(server.connection).toBe('connected');
    expect(server.engine).toEqual(ENGINE);
    expect(server.jobs.list.map(job => job.id)).toEqual(['j2']);
    expect(inventory).toBe(1);
    last().onMessage({ type: 'inventory' });
    expect(inventory).toBe(2);
  });

  it('says that the server went away, and that it is back', () => {
    last().onConnected(true);
    last().onConnected(false);
    expect(server.connection).toBe('lost');
    last().onConnected(true);
    expect(server.connection).toBe('connected');
  });

  it('tells a server without the extension from one that is away', async () => {
    const details = { message: 'Not Found', hint: '', fixes: [], error: '', cell: null, line: null };
    jest.mocked(request).mockRejectedValue(new RequestError(details, 404));
    last().onConnected(false);
    await Promise.resolve();
    await Promise.resolve();
    expect(server.connection).toBe('missing');
    last().onConnected(false);
    expect(server.connection).toBe('missing');
    last().onConnected(true);
    expect(server.connection).toBe('connected');
  });

  it('watches another engine when the settings name one', () => {
    last().onMessage({ type: 'engine', engine: ENGINE });
    server.setEngine('desktop-linux');
    expect(watches.map(watch => [watch.engine, watch.isDisposed])).toEqual([
      [undefined, true],
      ['desktop-linux', false]
    ]);
    expect(server.engine).toBeNull();
    server.setEngine('desktop-linux');
    expect(watches).toHaveLength(2);
  });
});
