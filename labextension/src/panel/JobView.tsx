import * as React from 'react';

import { eventsPath, logAddress } from '../api/jobs';
import type { IJob } from '../api/types';
import { Fold } from '../controls/Fold';
import { useChanges } from '../controls/useChanges';
import { LogView } from '../log/LogView';
import { hasEnded } from '../model/jobs';
import type { PanelModel } from '../model/panel';
import type { EventRecord } from '../model/record';
import { Outcome } from './Outcome';
import { StepList } from './StepList';
import { useRecord } from './useRecord';
import { Warnings } from './Warnings';

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
          {trans.__('The connection was lost. The job goes on, and its log will be complete again.')}
        </p>
      )}
      {hasEnded(job) ? (
        <Ending job={job} model={model} record={record} />
      ) : (
        <Going job={job} model={model} record={record} />
      )}
      {record.isComplete && record.log.isEmpty ? (
        <p className="jp-Containerize-quiet">{trans.__('It printed nothing.')}</p>
      ) : (
        <LogView buffer={record.log} address={logAddress(job.id)} {...model.rendering} actions={logActions} />
      )}
    </div>
  );
}

interface IRecordProps {
  job: IJob;
  model: PanelModel;
  record: EventRecord;
}

function Going({ job, model, record: { steps } }: IRecordProps): React.ReactElement {
  return (
    <>
      <StepList steps={steps.list} ending="failed" trans={model.trans} />
      <Warnings job={job} model={model} warnings={steps.warnings} />
    </>
  );
}

/** How it ended is what counts then; the way there is folded. */
function Ending({ job, model, record: { steps } }: IRecordProps): React.ReactElement {
  const { trans } = model;
  return (
    <>
      <Outcome job={job} model={model} />
      <Warnings job={job} model={model} warnings={steps.warnings} />
      {steps.list.length > 0 && (
        <Fold title={trans.__('Steps')} note={String(steps.list.length)}>
          <StepList steps={steps.list} ending={job.state} trans={trans} />
        </Fold>
      )}
    </>
  );
}
