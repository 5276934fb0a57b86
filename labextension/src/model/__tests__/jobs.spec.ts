import type { IJob } from '../../api/types';
import { JobList } from '../jobs';
import { failedJob, newJob } from './samples';

describe('JobList', () => {
  let jobs: JobList;
  let ended: IJob[];

  beforeEach(() => {
    jobs = new JobList();
    ended = [];
    jobs.ended.connect((_, job) => ended.push(job));
  });

  it('has the newest first', () => {
    jobs.reset([newJob({ id: 'a' }), newJob({ id: 'b', created: '2026-11-24T10:00:00+00:00' })]);
    jobs.put(newJob({ id: 'c', created: '2026-11-24T09:30:00+00:00' }));
    expect(jobs.list.map(job => job.id)).toEqual(['b', 'c', 'a']);
  });

  it('tells once of a job that ends, however it is heard of', () => {
    jobs.put(newJob());
    jobs.put(failedJob({ seq: 9 }));
    jobs.put(failedJob({ seq: 9 }));
    jobs.reset([failedJob({ seq: 9 })]);
    expect(ended.map(job => job.id)).toEqual(['j1']);
  });

  it('tells of a job that ended while the connection was lost', () => {
    jobs.put(newJob());
    jobs.reset([failedJob()]);
    expect(ended).toHaveLength(1);
  });

  it('does not tell of jobs that had ended before', () => {
    jobs.reset([failedJob()]);
    jobs.put(failedJob({ id: 'j2' }));
    expect(ended).toEqual([]);
  });

  it('passes over news that is older than what it knows', () => {
    jobs.put(newJob({ seq: 8, title: 'Running' }));
    jobs.put(newJob({ seq: 5, title: 'Building' }));
    expect(jobs.find('j1')?.title).toBe('Running');
    jobs.put(failedJob({ seq: 9 }));
    jobs.put(newJob({ seq: 9, state: 'stopping' }));
    expect(jobs.find('j1')?.state).toBe('failed');
  });

  it('forgets', () => {
    jobs.put(newJob());
    jobs.remove('j1');
    expect(jobs.list).toEqual([]);
  });
});
