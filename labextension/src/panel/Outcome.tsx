import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IJob } from '../api/types';
import { Linked } from '../controls/Linked';
import { Notice } from '../controls/Notice';
import type { PanelModel } from '../model/panel';
import { JobFixes } from './JobFixes';
import { stateOf } from './words';

interface IOutcomeProps {
  job: IJob;
  model: PanelModel;
}

/** How a job ended: what failed and what to do, or what there is now. */
export function Outcome({ job, model }: IOutcomeProps): React.ReactElement {
  return (
    <div className="jp-Containerize-outcome">
      {job.state === 'succeeded' ? (
        <p className="jp-Containerize-done">{job.summary}</p>
      ) : (
        <Failure job={job} model={model} />
      )}
      <Facts job={job} trans={model.trans} />
      <Outputs job={job} model={model} />
    </div>
  );
}

function Failure({ job, model }: IOutcomeProps): React.ReactElement {
  const { trans, commands } = model;
  const { cell, line } = job;
  return (
    <Notice
      level={job.state === 'cancelled' ? 'info' : 'error'}
      message={job.summary || stateOf(job.state, trans)}
      hint={job.hint}
    >
      {cell !== null && job.notebook && (
        <button
          type="button"
          className="jp-Containerize-link"
          onClick={() => void commands.execute('containerize:go-to-cell', { path: job.notebook, cell, line })}
        >
          {line === null ? trans.__('Go to cell %1', cell) : trans.__('Go to cell %1, line %2', cell, line)}
        </button>
      )}
      <JobFixes job={job} model={model} fixes={job.fixes} />
    </Notice>
  );
}

function Facts({ job, trans }: { job: IJob; trans: TranslationBundle }): React.ReactElement | null {
  const status: [string, string][] = job.exit_code === null ? [] : [[trans.__('exit status'), String(job.exit_code)]];
  // The log is below, from the same file, and what was written is linked.
  const isShown = ([label, text]: [string, string]): boolean =>
    label !== 'log' && !job.outputs.some(path => path !== '' && text.endsWith(`/${path}`));
  const facts = [...status, ...Object.entries(job.facts).filter(isShown)];
  if (facts.length === 0) {
    return null;
  }
  return (
    <dl className="jp-Containerize-facts">
      {facts.map(([label, text]) => (
        <React.Fragment key={label}>
          <dt>{label}</dt>
          <dd>
            <Linked text={text} />
          </dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

function Outputs({ job, model }: IOutcomeProps): React.ReactElement | null {
  if (job.outputs.length === 0) {
    return null;
  }
  return (
    <div className="jp-Containerize-outputs">
      <span className="jp-Containerize-dim">{model.trans.__('Open')}</span>
      {job.outputs.map(path => (
        <button
          key={path}
          type="button"
          className="jp-Containerize-link"
          onClick={() => void model.commands.execute('containerize:open-output', { path })}
        >
          {path || '/'}
        </button>
      ))}
    </div>
  );
}
