import { Clipboard } from '@jupyterlab/apputils';
import { copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Fold } from '../controls/Fold';
import { IconButton } from '../controls/IconButton';
import type { IPanelModel } from '../model/interfaces';
import type { PlanModel } from './model';

/** The files that the image is built of, as they are now. */
export function Previews({ model }: { model: PlanModel }): React.ReactElement | null {
  const { plan, panel } = model;
  return (
    plan && (
      <>
        <Preview panel={panel} title="Dockerfile" text={plan.dockerfile} />
        <Preview panel={panel} title={plan.script.name} text={plan.script.text} />
        <Preview panel={panel} title="requirements.txt" text={plan.lock} />
      </>
    )
  );
}

function Preview({ panel, title, text }: { panel: IPanelModel; title: string; text: string }): React.ReactElement {
  const { trans } = panel;
  const copy = (): void => {
    Clipboard.copyToSystem(text);
  };
  return (
    <Fold title={title} note={trans._n('%1 line', '%1 lines', text.trimEnd().split('\n').length)}>
      <div className="jp-Containerize-preview">
        <IconButton icon={copyIcon} label={trans.__('Copy %1', title)} onClick={copy} />
        <pre tabIndex={0} role="group" aria-label={title}>
          {text}
        </pre>
      </div>
    </Fold>
  );
}
