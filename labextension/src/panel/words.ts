/** How jobs are called. */

import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IJob, JobState, Verb } from '../api/types';

/** What the job is about: the notebook's name, or the image. */
export function subjectOf(job: IJob): string {
  return job.notebook ? PathExt.basename(job.notebook) : job.image;
}

export function verbOf(verb: Verb, trans: TranslationBundle): string {
  return {
    run: trans.__('Run'),
    compare: trans.__('Compare'),
    build: trans.__('Build'),
    export: trans.__('Export'),
    push: trans.__('Push')
  }[verb];
}

export function stateOf(state: JobState, trans: TranslationBundle): string {
  return {
    queued: trans.__('waiting'),
    running: trans.__('running'),
    stopping: trans.__('stopping'),
    succeeded: trans.__('done'),
    failed: trans.__('failed'),
    cancelled: trans.__('stopped'),
    lost: trans.__('cut off')
  }[state];
}

/** One line of what the job does, or of how it ended. */
export function lineOf(job: IJob, trans: TranslationBundle): string {
  switch (job.state) {
    case 'queued':
      return trans.__('Waits for its turn');
    case 'running':
      return job.title || trans.__('Starting');
    case 'stopping':
      return trans.__('Stopping');
    case 'succeeded':
      return trans.__('Done at %1', timeOf(job.finished));
    default:
      return firstLine(job.summary) || stateOf(job.state, trans);
  }
}

/** The time of day, with the date where that was another day. */
function timeOf(moment: string): string {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return isToday
    ? date.toLocaleTimeString([], time)
    : date.toLocaleString([], { ...time, day: 'numeric', month: 'short' });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
