/** The server's own answers, to compare the panel with and to clear up after a test. */

import type { APIRequestContext } from '@playwright/test';
import { expect } from '@playwright/test';

import type { IContainer, IJob, IJobRequest } from '../../src/api/types';

const ENDED = ['succeeded', 'failed', 'cancelled', 'lost'];

export class Api {
  constructor(
    private readonly request: APIRequestContext,
    private readonly url: string
  ) {}

  async jobs(): Promise<IJob[]> {
    return this.get('jobs');
  }

  async containers(): Promise<IContainer[]> {
    return this.get('containers');
  }

  /** Start a job, as another browser would. */
  async start(request: IJobRequest): Promise<IJob> {
    const answer = await this.request.post(`${this.url}/containerize/jobs`, { data: request });
    expect(answer.status()).toBe(201);
    return (await answer.json()) as IJob;
  }

  /** Cancel and forget every job of this server, and remove its container and image. */
  async clear(): Promise<void> {
    for (const job of await this.jobs()) {
      if (!ENDED.includes(job.state)) {
        await this.request.post(`${this.url}/containerize/jobs/${job.id}/cancel`);
      }
    }
    await expect
      .poll(async () => (await this.jobs()).every(job => ENDED.includes(job.state)), { timeout: 60_000 })
      .toBe(true);
    const jobs = await this.jobs();
    const names = jobs.map(job => job.container);
    for (const { id, name } of await this.containers()) {
      if (names.includes(name)) {
        await this.request.delete(`${this.url}/containerize/containers/${id}`);
      }
    }
    for (const reference of new Set(jobs.map(job => job.facts.image ?? ''))) {
      if (reference) {
        await this.request.delete(`${this.url}/containerize/images/${encodeURIComponent(reference)}`);
      }
    }
    for (const job of jobs) {
      await this.request.delete(`${this.url}/containerize/jobs/${job.id}`);
    }
  }

  private async get<T>(what: string): Promise<T> {
    const answer = await this.request.get(`${this.url}/containerize/${what}`);
    expect(answer.ok(), `GET ${what}: ${answer.status()}`).toBe(true);
    return (await answer.json()) as T;
  }
}
