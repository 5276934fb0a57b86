import * as React from 'react';

import type { IFix } from '../api/types';
import type { IPanelModel } from '../model/interfaces';
import type { Choices } from './choices';
import { keepChoices, METADATA_KEY, readChoices } from './choices';
import { keepConsents, newWishes } from './consents';
import { isFixed, knownFixes, withFix } from './fixes';

interface IFixesProps {
  panel: IPanelModel;
  fixes: readonly IFix[];
  /** Keeps a choice in the panel's notebook, and that the person allows it. */
  choose?: (change: Partial<Choices>) => void;
}

/** A button for each fix that the panel's notebook can keep. */
export function Fixes({ panel, fixes, choose }: IFixesProps): React.ReactElement {
  const [added, setAdded] = React.useState('');
  const notebook = panel.notebook?.model?.sharedModel;
  const isEditable = panel.notebook?.context.contentsModel?.writable !== false;
  const choices = readChoices(notebook?.getMetadata(METADATA_KEY));
  const keep = async (change: Partial<Choices>): Promise<void> => {
    keepChoices(notebook, change);
    await keepConsents(panel, newWishes(choices, change));
  };
  const add = async (fix: IFix): Promise<void> => {
    const { change, outside } = withFix(fix, choices, panel.outsideMounts);
    if (choose) {
      choose(change);
    } else {
      await keep(change);
    }
    await (outside !== panel.outsideMounts && panel.setOutsideMounts(outside));
    setAdded(fix.value);
  };
  return (
    <>
      {knownFixes(fixes).map(fix =>
        isFixed(fix, choices, panel.outsideMounts) ? (
          <Added key={`${fix.option} ${fix.value}`} takesFocus={fix.value === added}>
            {fix.option.startsWith('--allow-')
              ? panel.trans.__('%1 is allowed: build and run again.', fix.value)
              : panel.trans.__('%1 is added: build and run again.', fix.value)}
          </Added>
        ) : (
          <button
            key={`${fix.option} ${fix.value}`}
            type="button"
            className="jp-Containerize-link"
            disabled={!notebook || !isEditable}
            onClick={() => void add(fix)}
          >
            {fix.label}
          </button>
        )
      )}
    </>
  );
}

/** What stands in a button's place once it was pressed; it takes the focus that would be lost with the button. */
function Added({ takesFocus, children }: { takesFocus: boolean; children: string }): React.ReactElement {
  const node = React.useRef<HTMLSpanElement>(null);
  React.useEffect(() => {
    if (takesFocus) {
      node.current?.focus();
    }
  }, [takesFocus]);
  return (
    <span ref={node} tabIndex={-1} className="jp-Containerize-dim" role="status">
      {children}
    </span>
  );
}
