import * as React from 'react';

import type { IJob, IWarning } from '../api/types';
import { Notice } from '../controls/Notice';
import type { PanelModel } from '../model/panel';
import { JobFixes } from './JobFixes';

interface IWarningsProps {
  job: IJob;
  model: PanelModel;
  warnings: readonly IWarning[];
}

/** What the steps of a job warned of. */
export function Warnings({ job, model, warnings }: IWarningsProps): React.ReactElement {
  return (
    <>
      {warnings.map(({ message, hint, fixes }, index) => (
        <Notice key={index} level="warning" message={message} hint={hint}>
          <JobFixes job={job} model={model} fixes={fixes} />
        </Notice>
      ))}
    </>
  );
}
