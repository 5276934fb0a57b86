/** The requests about jobs, and where their events are. */

import { address, request, withQuery } from './request';
import type { ICheck, IJob, IJobRequest, IPlan, IPlanRequest, IWish } from './types';

export type Secrets = Record<string, string>;

export function startJob(body: IJobRequest): Promise<IJob> {
  return request('jobs', { method: 'POST', body });
}

export function rerunJob(id: string, secrets: Secrets): Promise<IJob> {
  return request(`${pathOf(id)}/rerun`, { method: 'POST', body: { secrets } });
}

/** Stop it as Ctrl-C does; a second time kills its container. */
export function cancelJob(id: string): Promise<IJob> {
  return request(`${pathOf(id)}/cancel`, { method: 'POST' });
}

/** Forget a job that ended, and its log. */
export function forgetJob(id: string): Promise<void> {
  return request(pathOf(id), { method: 'DELETE' });
}

/** Where all that a job printed can be read as text. */
export function logAddress(id: string): string {
  return address(`${pathOf(id)}/log`);
}

export function eventsPath(id: string): string {
  return `${pathOf(id)}/events`;
}

/** Where the log of a container is; an empty `engine` is the server's own. */
export function containerLogPath(name: string, engine: string): string {
  return withQuery(`containers/${encodeURIComponent(name)}/logs`, { engine: engine || undefined });
}

export function readPlan(body: IPlanRequest): Promise<IPlan> {
  return request('plan', { method: 'POST', body });
}

/** Throws what a run of the notebook would refuse this value of a parameter with. */
export function checkParameter(notebook: string, name: string, text: string): Promise<void> {
  return request('parameters', { method: 'POST', body: { notebook, name, text } });
}

/** Keep that the person allows the notebook this; nothing is kept of what needs no consent. */
export function allowWish(notebook: string, { kind, value }: IWish): Promise<void> {
  return request('consents', { method: 'POST', body: { notebook, kind, value } });
}

export function runDoctor(engine?: string): Promise<ICheck[]> {
  return request('doctor', { query: { engine } });
}

function pathOf(id: string): string {
  return `jobs/${encodeURIComponent(id)}`;
}
