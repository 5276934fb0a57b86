import * as React from 'react';

import type { IFix, IJob } from '../api/types';
import type { PanelModel } from '../model/panel';
import { Fixes } from '../plan/Fixes';

interface IJobFixesProps {
  job: IJob;
  model: PanelModel;
  fixes: readonly IFix[];
}

/** A button for each choice that mends a failure of a job, while the job's notebook is the one that the panel is about. */
export function JobFixes({ job, model, fixes }: IJobFixesProps): React.ReactElement | null {
  return job.notebook !== '' && job.notebook === model.path ? <Fixes panel={model} fixes={fixes} /> : null;
}
