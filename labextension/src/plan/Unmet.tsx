import * as React from 'react';

import type { IUnmet } from '../api/types';
import { Notice } from '../controls/Notice';
import type { PlanModel } from './model';

/** What the notebook asks for and nobody has allowed: it may come from anyone, and nothing is built before. */
export function Unmet({ model }: { model: PlanModel }): React.ReactElement {
  return (
    <>
      {model.plan?.unmet.map(each => (
        <UnmetWish key={`${each.kind} ${each.value}`} model={model} wish={each} />
      ))}
    </>
  );
}

function UnmetWish({ model, wish }: { model: PlanModel; wish: IUnmet }): React.ReactElement {
  const { trans } = model.panel;
  const [isSent, setSent] = React.useState(false);
  const allow = (): void => {
    setSent(true);
    void model.allow(wish).finally(() => {
      setSent(false);
    });
  };
  const isAllowable = wish.verdict === 'consent';
  const hint = isAllowable
    ? trans.__('Nothing is built before. Allow it if you trust the notebook; it is asked again when it changes.')
    : trans.__('It can’t be allowed here: take it out, or say it yourself in a terminal: %1', wish.words);
  return (
    <Notice level="warning" message={wish.message} hint={hint}>
      {isAllowable && (
        <button
          type="button"
          className="jp-Containerize-link"
          disabled={isSent}
          aria-label={trans.__('Allow %1', wish.value)}
          onClick={allow}
        >
          {trans.__('Allow')}
        </button>
      )}
    </Notice>
  );
}
