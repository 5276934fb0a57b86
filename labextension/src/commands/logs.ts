/** Logs in the main area: of jobs, of containers. */

import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';

import type { PanelModel } from '../model/panel';
import { LogPages } from '../pages';
import type { IContainerSource } from '../panel/ContainerPage';
import { ContainerPage } from '../panel/ContainerPage';
import { JobPage } from '../panel/JobPage';
import { subjectOf } from '../panel/words';
import { textIn } from './args';
import { jobOf } from './jobs';

export interface ILogCommandParts {
  app: JupyterFrontEnd;
  model: PanelModel;
  /** Where logs are opened. */
  logArea: 'main' | 'down';
  restorer: ILayoutRestorer | null;
}

export function addLogCommands({ app, model, logArea: area, restorer }: ILogCommandParts): void {
  const { trans } = model;
  const jobs = new LogPages({
    app,
    area,
    subject: 'id',
    command: 'containerize:open-log',
    create: ({ id }: { id: string }) => new JobPage(model, id),
    titleOf: ({ id }) => {
      const job = model.jobs.find(each => each.id === id);
      return job ? trans.__('Log of %1', subjectOf(job)) : trans.__('Log of a job');
    }
  });
  const containers = new LogPages({
    app,
    area,
    subject: 'container',
    command: 'containerize:open-container-log',
    create: (source: IContainerSource) => new ContainerPage(model, source),
    titleOf: ({ container }) => trans.__('Log of %1', container)
  });
  app.commands.addCommand('containerize:open-log', {
    label: trans.__('Open the Log of the Container Job'),
    isEnabled: args => textIn(args, 'id') !== null || jobOf(model, args) !== undefined,
    execute: args => {
      // A page that is restored is there before the jobs are known.
      const id = textIn(args, 'id') ?? jobOf(model, args)?.id;
      if (id !== undefined) {
        jobs.open({ id });
      }
    }
  });
  app.commands.addCommand('containerize:open-container-log', {
    label: trans.__('Open the Log of a Container'),
    execute: args => {
      const container = textIn(args, 'container');
      if (container !== null) {
        containers.open({ container, engine: textIn(args, 'engine') ?? '' });
      }
    }
  });
  if (restorer) {
    jobs.restore(restorer);
    containers.restore(restorer);
  }
}
