import { Notification } from '@jupyterlab/apputils';

import { failedJob, newJob } from '../model/__tests__/samples';
import { notifyOfJobs } from '../notifications';
import { Harness } from '../panel/__tests__/harness';

describe('notifyOfJobs', () => {
  let harness: Harness;
  let isSeen: boolean;

  beforeEach(() => {
    Notification.dismiss();
    harness = new Harness();
    isSeen = true;
    notifyOfJobs(harness.model, () => isSeen);
    harness.showJobs(newJob());
    harness.model.actions.started.add('j1');
  });

  const told = (): string[] => Notification.manager.notifications.map(each => each.message);

  it('tells of a long job, with ways to the cell and the log', () => {
    harness.showJobs(failedJob());
    expect(told()).toEqual(["penguins.ipynb: KeyError: 'missing'"]);
    const [notification] = Notification.manager.notifications;
    expect(notification?.type).toBe('error');
    for (const action of notification?.options.actions ?? []) {
      action.callback(new MouseEvent('click'));
    }
    expect(harness.executed).toEqual([
      ['go-to-cell', { path: 'work/penguins.ipynb', cell: 7, line: 3 }],
      ['open-log', { id: 'j1' }]
    ]);
  });

  it('tells of a short job only where the panel is not seen', () => {
    const short = newJob({ state: 'succeeded', summary: 'Done.', finished: '2026-11-24T09:00:03+00:00' });
    harness.showJobs(short);
    expect(told()).toEqual([]);
    isSeen = false;
    harness.showJobs(newJob());
    harness.showJobs(short);
    expect(told()).toEqual(['Done.']);
  });

  it('is silent about jobs of others, and about what the user stopped', () => {
    harness.showJobs(failedJob({ state: 'cancelled' }));
    harness.showJobs(newJob({ id: 'other' }));
    harness.showJobs(failedJob({ id: 'other' }));
    expect(told()).toEqual([]);
  });
});
