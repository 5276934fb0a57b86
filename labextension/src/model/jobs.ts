/** The jobs of the server as the watch tells them, newest first. */

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IJob, JobState } from '../api/types';

const ENDED: ReadonlySet<JobState> = new Set(['succeeded', 'failed', 'cancelled', 'lost']);

export function hasEnded(job: IJob): boolean {
  return ENDED.has(job.state);
}

export class JobList {
  /** Fires when a job that was going on here has ended. */
  get ended(): ISignal<this, IJob> {
    return this.endedSignal;
  }

  get list(): readonly IJob[] {
    return this.jobs;
  }

  find(id: string): IJob | undefined {
    return this.jobs.find(job => job.id === id);
  }

  reset(jobs: readonly IJob[]): void {
    const before = new Map(this.jobs.map(job => [job.id, job]));
    this.jobs = sorted(jobs);
    for (const job of jobs) {
      this.compare(before.get(job.id), job);
    }
  }

  put(job: IJob): void {
    const before = this.find(job.id);
    // Answers of requests and messages of the watch may overtake one another.
    if (before && (job.seq < before.seq || (hasEnded(before) && !hasEnded(job)))) {
      return;
    }
    this.jobs = sorted([...this.jobs.filter(each => each.id !== job.id), job]);
    this.compare(before, job);
  }

  remove(id: string): void {
    this.jobs = this.jobs.filter(job => job.id !== id);
  }

  private compare(before: IJob | undefined, job: IJob): void {
    if (before && !hasEnded(before) && hasEnded(job)) {
      this.endedSignal.emit(job);
    }
  }

  private jobs: readonly IJob[] = [];
  private readonly endedSignal = new Signal<this, IJob>(this);
}

function sorted(jobs: readonly IJob[]): readonly IJob[] {
  return [...jobs].sort((one, other) => other.created.localeCompare(one.created) || other.id.localeCompare(one.id));
}
