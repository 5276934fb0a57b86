/** What a container prints, in the main area. */

import { VDomRenderer } from '@jupyterlab/ui-components';
import * as React from 'react';

import { containerLogPath } from '../api/jobs';
import { useChanges } from '../controls/useChanges';
import { LogView } from '../log/LogView';
import type { PanelModel } from '../model/panel';
import type { EventRecord } from '../model/record';
import { useRecord } from './useRecord';

/** Whose log it is; an empty `engine` is the server's own. */
export interface IContainerSource {
  container: string;
  engine: string;
}

export class ContainerPage extends VDomRenderer<PanelModel> {
  constructor(
    model: PanelModel,
    private readonly source: IContainerSource
  ) {
    super(model);
    this.addClass('jp-Containerize-panel');
    this.addClass('jp-Containerize-page');
  }

  protected override render(): React.ReactElement {
    return <ContainerLog model={this.model} {...this.source} />;
  }
}

function ContainerLog({
  model,
  container,
  engine
}: IContainerSource & { model: PanelModel }): React.ReactElement | null {
  const record = useRecord(model.records, containerLogPath(container, engine));
  return record && <RecordView model={model} container={container} record={record} />;
}

interface IRecordViewProps {
  model: PanelModel;
  container: string;
  record: EventRecord;
}

function RecordView({ model, container, record }: IRecordViewProps): React.ReactElement {
  useChanges(record.changed);
  return (
    <>
      <h2 className="jp-Containerize-pageHead">
        <span className="jp-Containerize-jobName">{container}</span>
        <span className="jp-Containerize-dim" role="status">
          {stateOf(record, model)}
        </span>
      </h2>
      <LogView buffer={record.log} {...model.rendering} />
    </>
  );
}

function stateOf(record: EventRecord, { trans }: PanelModel): string {
  if (record.isGone) {
    return trans.__('The container is not there any more.');
  }
  if (record.isComplete) {
    return trans.__('The container has ended.');
  }
  return record.isConnected ? '' : trans.__('The connection was lost. Trying again…');
}
