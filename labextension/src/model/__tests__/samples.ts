/** Jobs as the server describes them. */

import type { IJob } from '../../api/types';

export function newJob(fields: Partial<IJob> = {}): IJob {
  return {
    id: 'j1',
    verb: 'run',
    notebook: 'work/penguins.ipynb',
    image: '',
    options: {},
    state: 'running',
    created: '2026-11-24T09:00:00+00:00',
    started: '2026-11-24T09:00:01+00:00',
    finished: '',
    seq: 3,
    step: 'run',
    title: 'Running penguins:3f2a9c',
    summary: '',
    hint: '',
    fixes: [],
    error: '',
    exit_code: null,
    cell: null,
    line: null,
    facts: {},
    container: 'penguins-3f2a9c',
    secret_names: [],
    outputs: [],
    ...fields
  };
}

export function failedJob(fields: Partial<IJob> = {}): IJob {
  return newJob({
    state: 'failed',
    finished: '2026-11-24T09:00:31+00:00',
    summary: "KeyError: 'missing'\nvalue = data['missing']",
    hint: 'Correct that line.',
    error: 'ScriptFailedError',
    exit_code: 1,
    cell: 7,
    line: 3,
    ...fields
  });
}
