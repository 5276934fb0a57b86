import * as React from 'react';

import type { IPrunePlan, IPruned } from '../api/types';
import { Notice } from '../controls/Notice';
import { Row, Rows } from '../controls/Row';
import type { ISectionProps } from '../model/interfaces';
import { fileSize } from '../model/measure';
import { confirmRemoval } from './confirm';
import { EngineSection } from './EngineSection';
import type { EngineModel } from './model';
import { prune, readPrunePlan } from './requests';

/** What the disk holds that nobody uses, and freeing it. */
export function DiskSection({ model: panel }: ISectionProps): React.ReactElement {
  return (
    <EngineSection panel={panel} title={panel.trans.__('Disk space')} read={readPrunePlan}>
      {(model, plan) => <Disk model={model} plan={plan} />}
    </EngineSection>
  );
}

interface IDiskProps {
  model: EngineModel<IPrunePlan>;
  plan: IPrunePlan;
}

function Disk({ model, plan }: IDiskProps): React.ReactElement {
  const { trans } = model.panel;
  const [pruned, setPruned] = React.useState<IPruned | null>(null);
  const free = async (): Promise<void> => {
    const body = <Freeable model={model} plan={plan} />;
    if (await confirmRemoval(trans, { title: trans.__('Free disk space?'), body }, trans.__('Free'))) {
      setPruned(null);
      await model.change('prune', async () => {
        setPruned(await prune(model.engine));
      });
    }
  };
  return (
    <>
      {pruned && <Result model={model} pruned={pruned} />}
      <p className="jp-Containerize-empty">
        {plan.items.length > 0
          ? trans.__('Can be freed: %1', plan.summary)
          : trans.__('There is nothing to free: all images and containers are in use.')}
      </p>
      {plan.items.length > 0 && (
        <>
          <Freeable model={model} plan={plan} />
          <div className="jp-Containerize-buttons">
            <button
              type="button"
              className="jp-Dialog-button jp-mod-warn jp-mod-styled"
              disabled={model.busy.has('prune')}
              onClick={() => void free()}
            >
              {model.busy.has('prune') ? trans.__('Freeing…') : trans.__('Free…')}
            </button>
          </div>
        </>
      )}
    </>
  );
}

function Freeable({ model, plan }: IDiskProps): React.ReactElement {
  const { trans } = model.panel;
  const kinds = {
    container: trans.__('ended container'),
    image: trans.__('unused image'),
    cache: trans.__('cache of runs')
  };
  return (
    <Rows label={trans.__('What can be freed')}>
      {plan.items.map(({ kind, name, size }) => (
        <Row key={`${kind} ${name}`}>
          <span>{name}</span>
          <span className="jp-Containerize-dim">
            {kinds[kind]}, {fileSize(size)}
          </span>
        </Row>
      ))}
    </Rows>
  );
}

function Result({ model, pruned }: { model: EngineModel<unknown>; pruned: IPruned }): React.ReactElement {
  const { trans } = model.panel;
  return (
    <>
      <Notice level="info" message={trans._n('%1 removed.', '%1 removed.', pruned.removed.length)} />
      {pruned.warnings.map(warning => (
        <Notice key={warning} level="warning" message={warning} />
      ))}
    </>
  );
}
