import * as React from 'react';

import type { IJob } from '../api/types';
import { hasEnded } from '../model/jobs';
import type { PanelModel } from '../model/panel';
import { JobRow } from './JobRow';
import { Section } from './Section';
import { lineOf, stateOf, subjectOf } from './words';

const SHOWN_AT_FIRST = 8;

/** The jobs of this server, newest first. */
export function JobsSection({ model }: { model: PanelModel }): React.ReactElement {
  const { trans, jobs } = model;
  const [isWhole, setWhole] = React.useState(false);
  const shown = isWhole ? jobs : jobs.filter((job, index) => index < SHOWN_AT_FIRST || !hasEnded(job));
  const rest = jobs.length - shown.length;
  return (
    <Section title={trans.__('Jobs')}>
      <Announcement model={model} />
      {jobs.length === 0 && (
        <p className="jp-Containerize-empty">{trans.__('What you build and run shows up here, with its log.')}</p>
      )}
      <ul className="jp-Containerize-jobs" aria-label={trans.__('Jobs')}>
        {shown.map(job => (
          <JobRow key={job.id} job={job} model={model} />
        ))}
      </ul>
      {rest > 0 && (
        <button
          type="button"
          className="jp-Containerize-link jp-Containerize-more"
          onClick={() => {
            setWhole(true);
          }}
        >
          {trans._n('%1 earlier job', '%1 earlier jobs', rest)}
        </button>
      )}
    </Section>
  );
}

/** Reads out how jobs of this page begin and end. */
function Announcement({ model }: { model: PanelModel }): React.ReactElement {
  const { trans, jobs } = model;
  const before = React.useRef(new Map<string, IJob>());
  const [text, setText] = React.useState('');
  React.useEffect(() => {
    const changed = jobs.find(job => {
      const known = before.current.get(job.id);
      return known ? known.state !== job.state : model.actions.started.has(job.id);
    });
    before.current = new Map(jobs.map(job => [job.id, job]));
    if (changed) {
      setText(`${subjectOf(changed)}: ${stateOf(changed.state, trans)}. ${lineOf(changed, trans)}`);
    }
  }, [jobs, model, trans]);
  return (
    <div className="jp-Containerize-aside" role="status" aria-live="polite">
      {text}
    </div>
  );
}
