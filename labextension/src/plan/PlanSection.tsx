import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IconButton } from '../controls/IconButton';
import type { ISectionProps } from '../model/interfaces';
import { FoldableSection } from '../panel/Section';
import type { ChooseFolder } from './folder';
import { PlanModel } from './model';
import { PlanView } from './PlanView';

export interface IPlanSectionProps extends ISectionProps {
  chooseFolder: ChooseFolder;
}

/** What would be built and run, and what the user can choose of it; asked for when it is opened. */
export function PlanSection({ model, chooseFolder }: IPlanSectionProps): React.ReactElement {
  const [isOpen, setOpen] = React.useState(false);
  const [plan] = React.useState(() => new PlanModel(model));
  const refresh = (): void => {
    void plan.refresh();
  };
  return (
    <FoldableSection
      title={model.trans.__('Plan')}
      isOpen={isOpen}
      onToggle={setOpen}
      toolbar={<IconButton icon={refreshIcon} label={model.trans.__('Save and refresh the plan')} onClick={refresh} />}
    >
      <PlanView model={plan} chooseFolder={chooseFolder} />
    </FoldableSection>
  );
}
