/** A job in the main area: its steps, its end and its log, with more room. */

import { VDomRenderer } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { PanelModel } from '../model/panel';
import { Elapsed } from './Elapsed';
import { JobView } from './JobView';
import { StateIcon } from './StateIcon';
import { lineOf, subjectOf, verbOf } from './words';

export class JobPage extends VDomRenderer<PanelModel> {
  constructor(
    model: PanelModel,
    readonly jobId: string
  ) {
    super(model);
    this.addClass('jp-Containerize-panel');
    this.addClass('jp-Containerize-page');
  }

  protected override render(): React.ReactElement {
    const { model, jobId } = this;
    const job = model.jobs.find(each => each.id === jobId);
    if (!job) {
      return (
        <p className="jp-Containerize-empty">
          {model.isConnected ? model.trans.__('This job was forgotten.') : model.trans.__('Waiting for the server…')}
        </p>
      );
    }
    return (
      <>
        <h2 className="jp-Containerize-pageHead">
          <StateIcon state={job.state} trans={model.trans} />
          <span className="jp-Containerize-jobName">{subjectOf(job)}</span>
          <span className="jp-Containerize-dim">
            {verbOf(job.verb, model.trans)} · {lineOf(job, model.trans)}
          </span>
          <Elapsed job={job} />
        </h2>
        <JobView job={job} model={model} />
      </>
    );
  }
}
