import { cancelJob, forgetJob } from '../../api/jobs';
import { RequestError } from '../../api/request';
import type { IJob } from '../../api/types';
import { JobActions } from '../actions';
import { JobList } from '../jobs';
import type { Launch } from '../launch';
import { failedJob, newJob } from './samples';

jest.mock('../../api/jobs');

describe('JobActions', () => {
  const start = jest.fn<Promise<IJob | null>, []>();
  let jobs: JobList;
  let actions: JobActions;

  beforeEach(() => {
    jest.resetAllMocks();
    jobs = new JobList();
    actions = new JobActions({ start, rerun: start } as unknown as Launch, jobs);
  });

  it('selects the job that it started, and knows it as its own', async () => {
    start.mockResolvedValue(newJob());
    await actions.start({ verb: 'run', notebook: 'n.ipynb' });
    expect(actions.selected).toBe('j1');
    expect(actions.started.has('j1')).toBe(true);
    expect(jobs.list).toHaveLength(1);
  });

  it('starts one at a time: a second click is no second job', async () => {
    let answer: (job: IJob) => void = () => undefined;
    start.mockReturnValue(new Promise(resolve => (answer = resolve)));
    const first = actions.start({ verb: 'run', notebook: 'n.ipynb' });
    expect(actions.isStarting).toBe(true);
    expect(await actions.start({ verb: 'run', notebook: 'n.ipynb' })).toBeNull();
    answer(newJob());
    await first;
    expect(start).toHaveBeenCalledTimes(1);
    expect(actions.isStarting).toBe(false);
  });

  it('keeps what went wrong until it is dismissed, or something goes well', async () => {
    const details = {
      message: 'There is no such notebook.',
      hint: 'Save it.',
      fixes: [],
      error: 'X',
      cell: null,
      line: null
    };
    start.mockRejectedValueOnce(new RequestError(details, 422));
    await actions.start({ verb: 'run', notebook: 'n.ipynb' });
    expect(actions.problem).toEqual({ message: 'There is no such notebook.', hint: 'Save it.' });
    expect(actions.isStarting).toBe(false);
    actions.dismiss();
    expect(actions.problem).toBeNull();
    start.mockRejectedValueOnce(new Error('gone'));
    await actions.rerun(failedJob());
    expect(actions.problem).toEqual({ message: 'gone', hint: '' });
    start.mockResolvedValue(newJob());
    await actions.rerun(failedJob());
    expect(actions.problem).toBeNull();
  });

  it('shows at once what a cancel brought', async () => {
    jobs.put(newJob());
    jest.mocked(cancelJob).mockResolvedValue(newJob({ state: 'stopping' }));
    await actions.stop(newJob());
    expect(jobs.find('j1')?.state).toBe('stopping');
  });

  it('keeps a job that the server does not forget', async () => {
    jobs.put(failedJob());
    jest.mocked(forgetJob).mockRejectedValueOnce(new Error('It has not ended.'));
    await actions.forget(failedJob());
    expect(jobs.list).toHaveLength(1);
    await actions.forget(failedJob());
    expect(jobs.list).toHaveLength(0);
  });
});
