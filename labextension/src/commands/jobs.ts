/** What can be done with a job. */

import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IJob } from '../api/types';
import { hasEnded } from '../model/jobs';
import type { PanelModel } from '../model/panel';
import { textIn } from './args';

export function addJobCommands(commands: CommandRegistry, model: PanelModel): void {
  const { trans, actions } = model;
  const add = (id: string, label: string, isFor: (job: IJob) => boolean, act: (job: IJob) => unknown): void => {
    commands.addCommand(id, {
      label,
      isEnabled: args => {
        const job = jobOf(model, args);
        return job !== undefined && isFor(job);
      },
      execute: async args => {
        const job = jobOf(model, args);
        await (job && act(job));
      }
    });
  };
  const isActive = (job: IJob): boolean => !hasEnded(job);
  add('containerize:stop-job', trans.__('Stop the Container Job'), isActive, job => actions.stop(job));
  add('containerize:rerun-job', trans.__('Run the Container Job Again'), hasEnded, job => actions.rerun(job));
  add('containerize:forget-job', trans.__('Forget the Container Job'), hasEnded, job => actions.forget(job));
}

/** The job of the argument `id`, else the one that is looked at, else the newest. */
export function jobOf(model: PanelModel, args: ReadonlyPartialJSONObject): IJob | undefined {
  const id = textIn(args, 'id') ?? model.actions.selected ?? model.jobs[0]?.id;
  return model.jobs.find(job => job.id === id);
}
