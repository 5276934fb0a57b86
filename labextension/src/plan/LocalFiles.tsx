import * as React from 'react';

import { Fold } from '../controls/Fold';
import { Row, Rows } from '../controls/Row';
import type { PlanModel } from './model';

/** The user's own modules and packages that are copied into the image; no part where there are none. */
export function LocalFiles({ model }: { model: PlanModel }): React.ReactElement | null {
  const { trans } = model.panel;
  const files = model.plan?.local ?? [];
  if (files.length === 0) {
    return null;
  }
  return (
    <Fold title={trans.__('Your own code')} note={String(files.length)}>
      <Rows label={trans.__('Files that are copied into the image')}>
        {files.map(({ path, target, why }) => (
          <Row key={target} why={`${path}\n→ ${target}\n${why}`}>
            <span>{target}</span>
            <span className="jp-Containerize-dim">{why}</span>
          </Row>
        ))}
      </Rows>
    </Fold>
  );
}
