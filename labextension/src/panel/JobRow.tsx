import { deleteIcon, launchIcon, refreshIcon, stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IJob } from '../api/types';
import { IconButton } from '../controls/IconButton';
import { hasEnded } from '../model/jobs';
import type { PanelModel } from '../model/panel';
import { Elapsed } from './Elapsed';
import { JobView } from './JobView';
import { StateIcon } from './StateIcon';
import { lineOf, subjectOf, verbOf } from './words';

interface IJobRowProps {
  job: IJob;
  model: PanelModel;
}

/** A job in one line; in full where it is the selected one. */
export function JobRow({ job, model }: IJobRowProps): React.ReactElement {
  const isOpen = model.actions.selected === job.id;
  const view = React.useId();
  const toggle = (): void => {
    model.actions.select(isOpen ? null : job.id);
  };
  return (
    <li className="jp-Containerize-jobItem" data-open={isOpen}>
      <div className="jp-Containerize-jobHead">
        <button
          type="button"
          className="jp-Containerize-jobButton"
          aria-expanded={isOpen}
          aria-controls={isOpen ? view : undefined}
          title={job.notebook || job.image}
          onClick={toggle}
        >
          <StateIcon state={job.state} trans={model.trans} />
          <span className="jp-Containerize-jobTexts">
            <span className="jp-Containerize-jobTitle">
              <span className="jp-Containerize-jobName">{subjectOf(job)}</span>
              <span className="jp-Containerize-dim">{verbOf(job.verb, model.trans)}</span>
              <Elapsed job={job} />
            </span>
            <span className="jp-Containerize-jobLine">{lineOf(job, model.trans)}</span>
          </span>
        </button>
        <JobButtons job={job} model={model} />
      </div>
      {isOpen && (
        <div id={view}>
          <JobView job={job} model={model} logActions={<OpenLog job={job} model={model} />} />
        </div>
      )}
    </li>
  );
}

function JobButtons({ job, model }: IJobRowProps): React.ReactElement {
  const { trans, actions } = model;
  const name = subjectOf(job);
  if (!hasEnded(job)) {
    const isStopping = job.state === 'stopping';
    return (
      <IconButton
        icon={stopIcon}
        label={isStopping ? trans.__('Stop %1 at once', name) : trans.__('Stop %1', name)}
        onClick={() => void actions.stop(job)}
      />
    );
  }
  return (
    <>
      <IconButton
        icon={refreshIcon}
        label={trans.__('Do the same again: %1', name)}
        isDisabled={actions.isStarting}
        onClick={() => void actions.rerun(job)}
      />
      <IconButton
        icon={deleteIcon}
        label={trans.__('Forget this job of %1 and its log', name)}
        onClick={() => void actions.forget(job)}
      />
    </>
  );
}

function OpenLog({ job, model }: IJobRowProps): React.ReactElement {
  return (
    <IconButton
      icon={launchIcon}
      label={model.trans.__('Open the log beside the notebook')}
      onClick={() => void model.commands.execute('containerize:open-log', { id: job.id })}
    />
  );
}
