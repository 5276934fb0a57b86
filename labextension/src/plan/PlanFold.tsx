import * as React from 'react';

import type { IFoldProps } from '../controls/Fold';
import { Fold } from '../controls/Fold';
import type { PlanModel } from './model';

/** A part of the plan; what is typed into it and not chosen yet is of one notebook, and goes with it. */
export function PlanFold({ model, children, ...fold }: IFoldProps & { model: PlanModel }): React.ReactElement {
  return (
    <Fold {...fold}>
      <React.Fragment key={model.panel.notebook?.id}>{children}</React.Fragment>
    </Fold>
  );
}
