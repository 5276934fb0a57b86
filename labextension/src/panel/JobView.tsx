import * as React from 'react';

import { eventsPath, logAddress } from '../api/jobs';
import type { IJob } from '../api/types';
import { useChanges } from '../controls/useChanges';
import { LogView } from '../log/LogView';
import { hasEnded } from '../model/jobs';
import type { PanelModel } from '../model/panel';
import type { EventRecord } from '../model/record';
import { Outcome } from './Outcome';
import { StepList } from './StepList';
import { useRecord } from './useRecord';

interface IJobViewProps {
  job: IJob;
  model: PanelModel;
  /** More buttons of the log. */
  logActions?: React.ReactNode;
}

/** A job in full: its steps, its end, its log. */
export function JobView(props: IJobViewProps): React.ReactElement | null {
  const record = useRecord(props.model.records, eventsPath(props.job.id));
  return record && <RecordView {...props} record={record} />;
}

function RecordView({ job, model, logActions, record }: IJobViewProps & { record: EventRecord }): React.ReactElement {
  useChanges(record.changed);
  const { trans } = model;
  return (
    <div className="jp-Containerize-job">
      {!record.isConnected && (
        <p className="jp-Containerize-quiet" role="status">
          {trans.__('The connection was lost. What the job says meanwhile is not.')}
        </p>
      )}
      <StepList steps={record.steps.list} ending={hasEnded(job) ? job.state : 'failed'} trans={trans} />
      {hasEnded(job) && <Outcome job={job} model={model} />}
      <LogView buffer={record.log} address={logAddress(job.id)} {...model.rendering} actions={logActions} />
    </div>
  );
}
