/** What can be asked of jobs, one thing at a time; what goes wrong is kept for the panel to say. */

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { cancelJob, forgetJob } from '../api/jobs';
import { describe } from '../api/request';
import type { IJob, IJobRequest } from '../api/types';
import type { JobList } from './jobs';
import type { Launch } from './launch';

export class JobActions {
  /** What went wrong with what was asked for last. */
  problem: { message: string; hint: string } | null = null;
  /** Whether a job is on its way to the server. */
  isStarting = false;
  /** The job that is looked at. */
  selected: string | null = null;

  constructor(
    private readonly launch: Launch,
    private readonly jobs: JobList
  ) {}

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** The jobs that were started from this page. */
  readonly started = new Set<string>();

  select(id: string | null): void {
    this.selected = id;
    this.changedSignal.emit();
  }

  dismiss(): void {
    this.problem = null;
    this.changedSignal.emit();
  }

  /** Start the job and select it; null where the user gave up or it failed. */
  start(request: IJobRequest): Promise<IJob | null> {
    return this.begin(() => this.launch.start(request));
  }

  rerun(job: IJob): Promise<IJob | null> {
    return this.begin(() => this.launch.rerun(job));
  }

  async stop(job: IJob): Promise<void> {
    await this.attempt(async () => {
      this.jobs.put(await cancelJob(job.id));
    });
  }

  async forget(job: IJob): Promise<void> {
    await this.attempt(async () => {
      await forgetJob(job.id);
      this.jobs.remove(job.id);
    });
  }

  private async begin(start: () => Promise<IJob | null>): Promise<IJob | null> {
    if (this.isStarting) {
      return null;
    }
    this.isStarting = true;
    const job = await this.attempt(start);
    this.isStarting = false;
    if (job) {
      this.jobs.put(job);
      this.started.add(job.id);
      this.selected = job.id;
    }
    this.changedSignal.emit();
    return job;
  }

  private async attempt<T>(act: () => Promise<T>): Promise<T | null> {
    this.problem = null;
    this.changedSignal.emit();
    try {
      return await act();
    } catch (error) {
      this.problem = describe(error);
      return null;
    } finally {
      this.changedSignal.emit();
    }
  }

  private readonly changedSignal = new Signal<this, void>(this);
}
