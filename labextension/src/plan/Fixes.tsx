import * as React from 'react';

import type { IPanelModel } from '../model/interfaces';
import type { Choices } from './choices';
import { keepChoices, METADATA_KEY, readChoices } from './choices';
import type { IFix } from './fixes';
import { fixesIn, isFixed, withFix } from './fixes';
import { parseMount } from './mounts';

interface IFixesProps {
  panel: IPanelModel;
  hint: string;
  /** Keeps a choice in the panel's notebook. */
  choose?: (change: Partial<Choices>) => void;
}

/** A button for each thing that the hint says to add to the panel's notebook. */
export function Fixes({ panel, hint, choose }: IFixesProps): React.ReactElement {
  const [added, setAdded] = React.useState('');
  const notebook = panel.notebook?.model?.sharedModel;
  const isEditable = panel.notebook?.context.contentsModel?.writable !== false;
  const choices = readChoices(notebook?.getMetadata(METADATA_KEY));
  const keep = choose ?? ((change: Partial<Choices>) => keepChoices(notebook, change));
  const add = async (fix: IFix): Promise<void> => {
    const { change, outside } = withFix(fix, choices, panel.outsideMounts);
    keep(change);
    await (outside !== panel.outsideMounts && panel.setOutsideMounts(outside));
    setAdded(fix.text);
  };
  return (
    <>
      {fixesIn(hint).map(fix =>
        isFixed(fix, choices, panel.outsideMounts) ? (
          <Added key={`${fix.key} ${fix.text}`} takesFocus={fix.text === added}>
            {panel.trans.__('%1 is added: build and run again.', fix.text)}
          </Added>
        ) : (
          <button
            key={`${fix.key} ${fix.text}`}
            type="button"
            className="jp-Containerize-link"
            disabled={!notebook || !isEditable}
            onClick={() => void add(fix)}
          >
            {labelOf(fix, panel)}
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

function labelOf({ key, text }: IFix, { trans }: IPanelModel): string {
  switch (key) {
    case 'requirements':
      return trans.__('Add the package %1', text);
    case 'apt':
      return trans.__('Add the system package %1', text);
    case 'mounts': {
      const { source, target, readOnly } = parseMount(text) ?? { source: text, target: '', readOnly: false };
      return readOnly
        ? trans.__('Mount %1 at %2, read-only', source, target)
        : trans.__('Mount %1 at %2, writable', source, target);
    }
  }
}
