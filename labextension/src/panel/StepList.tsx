import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IProgress, JobState } from '../api/types';
import { amount, duration, fraction } from '../model/measure';
import type { IStep } from '../model/steps';
import { Addresses } from './Addresses';
import { StateIcon } from './StateIcon';

const MOST_ITEMS = 6;
const STATES: Record<IStep['state'], JobState> = { running: 'running', done: 'succeeded', failed: 'failed' };

interface IStepListProps {
  steps: readonly IStep[];
  /** How steps ended that did not end by themselves. */
  ending: JobState;
  trans: TranslationBundle;
}

/** What the job has done and does. */
export function StepList({ steps, ending, trans }: IStepListProps): React.ReactElement {
  return (
    <ol className="jp-Containerize-steps" aria-label={trans.__('Steps')}>
      {steps.map((step, index) => (
        <Step key={index} step={step} ending={ending} trans={trans} />
      ))}
    </ol>
  );
}

function Step({
  step,
  ending,
  trans
}: {
  step: IStep;
  ending: JobState;
  trans: TranslationBundle;
}): React.ReactElement {
  const state = step.state === 'failed' ? ending : STATES[step.state];
  return (
    <li>
      <div className="jp-Containerize-step">
        <StateIcon state={state} trans={trans} />
        <span className="jp-Containerize-stepTitle">
          {step.title || step.name}
          {step.summary && <span className="jp-Containerize-stepSummary">{step.summary}</span>}
        </span>
        {step.seconds !== null && step.seconds >= 0.1 && (
          <span className="jp-Containerize-elapsed">{duration(step.seconds)}</span>
        )}
      </div>
      {step.state === 'running' && (
        <>
          <Addresses items={[...step.items.values()]} />
          <Items items={[...step.items.values()]} trans={trans} />
        </>
      )}
    </li>
  );
}

/** What goes on inside a step: the last few that are not done. */
function Items({ items, trans }: { items: readonly IProgress[]; trans: TranslationBundle }): React.ReactElement | null {
  const active = items.filter(item => !item.done).slice(-MOST_ITEMS);
  if (active.length === 0) {
    return null;
  }
  return (
    <ul className="jp-Containerize-items">
      {active.map(item => (
        <li key={item.item}>
          <span className="jp-Containerize-itemLabel" title={item.label}>
            {item.label}
          </span>
          <progress aria-label={item.label} value={fraction(item) ?? undefined} max={1} />
          <span className="jp-Containerize-elapsed">{amount(item, trans)}</span>
        </li>
      ))}
    </ul>
  );
}
