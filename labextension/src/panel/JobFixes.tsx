import * as React from 'react';

import type { IJob } from '../api/types';
import type { PanelModel } from '../model/panel';
import { Fixes } from '../plan/Fixes';

interface IJobFixesProps {
  job: IJob;
  model: PanelModel;
  hint: string;
}

/** What a hint of a job says to add, for a button each, while the job's notebook is the one that the panel is about. */
export function JobFixes({ job, model, hint }: IJobFixesProps): React.ReactElement | null {
  return job.notebook !== '' && job.notebook === model.path ? <Fixes panel={model} hint={hint} /> : null;
}
