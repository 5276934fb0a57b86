import * as React from 'react';

import type { IPrunePlan, IPruned } from '../api/types';
import { Capped } from '../controls/Capped';
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
  const isBusy = model.busy.has('prune');
  const free = async (): Promise<void> => {
    const body = (
      <>
        <p>{trans.__('What the containers printed is lost; the images can be built again from their notebooks.')}</p>
        <Freeable model={model} items={plan.items} />
      </>
    );
    if (await confirmRemoval(trans, { title: trans.__('Free disk space?'), body }, trans.__('Free'))) {
      setPruned(null);
      await model.change('prune', async () => {
        setPruned(await prune(plan.items, model.engine));
      });
    }
  };
  return (
    <>
      {pruned && <Result model={model} pruned={pruned} />}
      {plan.items.length === 0 ? (
        <p className="jp-Containerize-empty">
          {trans.__('There is nothing to free: all images and containers are in use.')}
        </p>
      ) : (
        <>
          <p className="jp-Containerize-empty">{trans.__('Can be freed: %1', plan.summary)}</p>
          <Capped trans={trans} items={largestFirst(plan.items)} most={5}>
            {shown => <Freeable model={model} items={shown} />}
          </Capped>
          <div className="jp-Containerize-formButtons">
            <button type="button" className="jp-mod-styled jp-mod-warn" disabled={isBusy} onClick={() => void free()}>
              {isBusy ? trans.__('Freeing…') : trans.__('Free…')}
            </button>
          </div>
        </>
      )}
    </>
  );
}

function largestFirst(items: IPrunePlan['items']): IPrunePlan['items'] {
  return [...items].sort((one, other) => other.size - one.size);
}

interface IFreeableProps {
  model: EngineModel<IPrunePlan>;
  items: readonly IPrunePlan['items'][number][];
}

function Freeable({ model, items }: IFreeableProps): React.ReactElement {
  const { trans } = model.panel;
  const kinds = {
    container: trans.__('ended container'),
    image: trans.__('unused image'),
    cache: trans.__('cache of runs')
  };
  return (
    <Rows label={trans.__('What can be freed')}>
      {items.map(({ id, kind, name, size }) => (
        <Row key={id}>
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
