import { readPlan, rerunJob, startJob } from '../../api/jobs';
import type { IPlan } from '../../api/types';
import { Launch } from '../launch';
import type { Notebooks } from '../notebooks';
import { newJob } from './samples';

jest.mock('../../api/jobs');

const KERNEL = { id: 'k1', name: 'conda-env' };

describe('Launch', () => {
  let order: string[];
  let metadata: unknown;
  let kernel: typeof KERNEL | null;
  let engine: string;
  let values: string[];
  const askSecrets = jest.fn();

  const launch = (): Launch => {
    const notebooks = {
      save: () => {
        order.push('save');
        return Promise.resolve();
      },
      choices: () => Promise.resolve(metadata),
      find: () => ({ sessionContext: { session: kernel && { kernel } } })
    } as unknown as Notebooks;
    return new Launch({
      notebooks,
      askSecrets,
      engine: () => engine,
      parameters: path => (path === 'n.ipynb' ? values : []),
      optionsFor: () => Promise.resolve({ memory: '2g' })
    });
  };

  beforeEach(() => {
    jest.resetAllMocks();
    order = [];
    metadata = {};
    kernel = KERNEL;
    engine = '';
    values = [];
    jest.mocked(startJob).mockImplementation(() => {
      order.push('start');
      return Promise.resolve(newJob());
    });
    jest.mocked(rerunJob).mockResolvedValue(newJob({ id: 'j2' }));
  });

  it('gives a run the values of its parameters, and a build none', async () => {
    values = ['year=2024'];
    await launch().start({ verb: 'run', notebook: 'n.ipynb' });
    await launch().start({ verb: 'build', notebook: 'n.ipynb' });
    const asked = jest.mocked(startJob).mock.calls.map(([request]) => request.options?.parameters);
    expect(asked).toEqual([['year=2024'], undefined]);
  });

  it('saves the notebook, then starts with what the settings and the kernel add', async () => {
    await launch().start({ verb: 'run', notebook: 'n.ipynb', options: { mode: 'notebook' } });
    expect(order).toEqual(['save', 'start']);
    expect(startJob).toHaveBeenCalledWith({
      verb: 'run',
      notebook: 'n.ipynb',
      kernel_id: 'k1',
      options: { memory: '2g', kernel: 'conda-env', mode: 'notebook' },
      secrets: {}
    });
    expect(readPlan).not.toHaveBeenCalled();
  });

  it('starts nothing where the notebook can not be saved', async () => {
    const failing = launch();
    jest
      .spyOn((failing as unknown as { parts: { notebooks: Notebooks } }).parts.notebooks, 'save')
      .mockRejectedValue(new Error('disk full'));
    await expect(failing.start({ verb: 'run', notebook: 'n.ipynb' })).rejects.toThrow('disk full');
    expect(startJob).not.toHaveBeenCalled();
  });

  it('says nothing of a kernel that is not there', async () => {
    kernel = null;
    await launch().start({ verb: 'build', notebook: 'n.ipynb' });
    expect(startJob).toHaveBeenCalledWith({
      verb: 'build',
      notebook: 'n.ipynb',
      options: { memory: '2g' },
      secrets: {}
    });
  });

  it('asks for the variables that have no value on the server, and hands them on', async () => {
    metadata = { env: ['TOKEN', 'HOME', 'A=1'] };
    jest.mocked(readPlan).mockResolvedValue({
      env: [
        { name: 'TOKEN', is_set: false },
        { name: 'HOME', is_set: true },
        { name: 'A', is_set: true }
      ]
    } as IPlan);
    askSecrets.mockResolvedValue({ TOKEN: 'secret' });
    await launch().start({ verb: 'run', notebook: 'n.ipynb', options: { mode: 'notebook' } });
    // The panel's own question, or the server would cancel one of the two.
    const options = { memory: '2g', kernel: 'conda-env' };
    expect(readPlan).toHaveBeenCalledWith({ notebook: 'n.ipynb', options, kernel_id: 'k1' });
    expect(askSecrets).toHaveBeenCalledWith(['TOKEN']);
    expect(jest.mocked(startJob).mock.calls[0]?.[0].secrets).toEqual({ TOKEN: 'secret' });
  });

  it('starts nothing where the user gives no values', async () => {
    metadata = { env: ['TOKEN'] };
    jest.mocked(readPlan).mockResolvedValue({ env: [{ name: 'TOKEN', is_set: false }] } as IPlan);
    askSecrets.mockResolvedValue(null);
    expect(await launch().start({ verb: 'run', notebook: 'n.ipynb' })).toBeNull();
    expect(startJob).not.toHaveBeenCalled();
  });

  it('needs no variables to build', async () => {
    metadata = { env: ['TOKEN'] };
    await launch().start({ verb: 'build', notebook: 'n.ipynb' });
    expect(readPlan).not.toHaveBeenCalled();
    expect(startJob).toHaveBeenCalledTimes(1);
  });

  it('leaves a push of an image as it is', async () => {
    await launch().start({ verb: 'push', image: 'a:1', options: { tag: 'r/a:1' } });
    expect(startJob).toHaveBeenCalledWith({ verb: 'push', image: 'a:1', options: { tag: 'r/a:1' }, secrets: {} });
    expect(order).toEqual(['start']);
  });

  it('pushes an image of the engine that the settings name', async () => {
    engine = 'desktop-linux';
    await launch().start({ verb: 'push', image: 'a:1', options: { tag: 'r/a:1' } });
    expect(jest.mocked(startJob).mock.calls[0]?.[0].options).toEqual({ tag: 'r/a:1', engine: 'desktop-linux' });
  });

  it('asks again for the values of a job that is done again', async () => {
    askSecrets.mockResolvedValue({ TOKEN: 'secret' });
    await launch().rerun(newJob({ secret_names: ['TOKEN'] }));
    expect(askSecrets).toHaveBeenCalledWith(['TOKEN']);
    expect(rerunJob).toHaveBeenCalledWith('j1', { TOKEN: 'secret' });
    expect(order).toEqual(['save']);
  });
});
