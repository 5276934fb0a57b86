import * as React from 'react';

import type { IFix } from '../api/types';
import { Notice } from '../controls/Notice';
import { CellLink } from './CellLink';
import type { Choices } from './choices';
import { Fixes } from './Fixes';
import type { PlanModel } from './model';

/** Whether the plan is being asked for, is old, or can't be made; and what it warns of. */
export function Status({ model }: { model: PlanModel }): React.ReactElement {
  const { trans } = model.panel;
  const { plan, fault } = model;
  return (
    <>
      <div className="jp-Containerize-planStatus">
        {model.isLoading && <Progress text={plan ? trans.__('Working out the plan again…') : waiting(model)} />}
        {fault && (
          <Notice level="error" message={fault.message} hint={fault.hint}>
            {fault.cell !== null && (
              <CellLink panel={model.panel} cell={fault.cell} line={fault.line} text={trans.__('Go to cell')} />
            )}
            <PlanFixes model={model} fixes={fault.fixes} />
          </Notice>
        )}
        {plan && !fault && model.isStale && !model.isLoading && <Stale model={model} />}
      </div>
      {!model.isEditable && (
        <Notice level="info" message={trans.__('The notebook is read-only, so it can’t keep choices.')} />
      )}
      {plan?.warnings.map(each => (
        <Notice key={each.message} level="warning" message={each.message} hint={each.hint}>
          <PlanFixes model={model} fixes={each.fixes} />
        </Notice>
      ))}
    </>
  );
}

function PlanFixes({ model, fixes }: { model: PlanModel; fixes: readonly IFix[] }): React.ReactElement {
  const choose = (change: Partial<Choices>): void => {
    model.choose(change);
  };
  return <Fixes panel={model.panel} fixes={fixes} choose={choose} />;
}

function Progress({ text }: { text: string }): React.ReactElement {
  return (
    <div className="jp-Containerize-progress" role="status">
      <div className="jp-Containerize-progressBar" aria-hidden="true" />
      {text}
    </div>
  );
}

function Stale({ model }: { model: PlanModel }): React.ReactElement {
  const { trans } = model.panel;
  return (
    <Notice level="info" message={trans.__('There are changes that this plan does not have yet.')}>
      <button type="button" className="jp-Containerize-link" onClick={() => void model.refresh()}>
        {trans.__('Save and refresh')}
      </button>
    </Notice>
  );
}

function waiting({ panel }: PlanModel): string {
  return panel.trans.__('Looking at what the notebook needs…');
}
