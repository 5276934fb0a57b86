/** Tells when a job ends that the user may have looked away from. */

import { Notification } from '@jupyterlab/apputils';

import type { IJob } from './api/types';
import type { PanelModel } from './model/panel';
import { lineOf, subjectOf } from './panel/words';

const LONG = 5_000; // milliseconds
const SHOWN_FOR = 10_000;

/** Notify of jobs that end, where they took long or the panel is not seen. */
export function notifyOfJobs(model: PanelModel, isPanelSeen: () => boolean): void {
  model.server.jobs.ended.connect((_, job) => {
    if (job.state !== 'cancelled' && isOurs(model, job) && (isLong(job) || !isPanelSeen())) {
      tell(model, job);
    }
  });
}

/** Whether it was started in this page, or is of a notebook that is open here. */
function isOurs(model: PanelModel, job: IJob): boolean {
  return model.actions.started.has(job.id) || (job.notebook !== '' && !!model.notebooks.find(job.notebook));
}

function isLong(job: IJob): boolean {
  return Date.parse(job.finished) - Date.parse(job.started) >= LONG;
}

function tell(model: PanelModel, job: IJob): void {
  const { trans } = model;
  const options = { autoClose: SHOWN_FOR, actions: actionsOf(model, job) };
  if (job.state === 'succeeded') {
    Notification.success(job.summary || trans.__('%1 is done.', subjectOf(job)), options);
  } else {
    Notification.error(trans.__('%1: %2', subjectOf(job), lineOf(job, trans)), options);
  }
}

function actionsOf({ commands, trans }: PanelModel, job: IJob): Notification.IAction[] {
  const log: Notification.IAction = {
    label: trans.__('Open log'),
    callback: () => void commands.execute('containerize:open-log', { id: job.id })
  };
  const { cell, line, notebook } = job;
  if (cell === null || !notebook) {
    return [log];
  }
  const go: Notification.IAction = {
    label: trans.__('Go to cell %1', cell),
    callback: () => void commands.execute('containerize:go-to-cell', { path: notebook, cell, line })
  };
  return [go, log];
}
