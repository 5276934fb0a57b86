import type { TranslationBundle } from '@jupyterlab/translation';
import { folderIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IconButton } from '../controls/IconButton';
import type { IMountChoice } from './mounts';
import { formatMount, isPortable, proposedTarget } from './mounts';

export interface IMountFormProps {
  trans: TranslationBundle;
  /** What it begins with. */
  mount: IMountChoice;
  /** The notebook's folder inside the image, where it is known. */
  workdir: string | undefined;
  /** Lets the user choose another source; null for none. */
  browse: () => Promise<string | null>;
  /** Called with the mount's text, or with null where it was given up. */
  onEnd: (text: string | null) => void;
}

/** Source, target and whether it may be written. */
export function MountForm({ trans, mount, workdir, browse, onEnd }: IMountFormProps): React.ReactElement {
  const [draft, setDraft] = React.useState(mount);
  const id = React.useId();
  const text = formatMount({ ...draft, source: draft.source.trim(), target: draft.target.trim() });
  const isWhole = draft.source.trim() !== '' && draft.target.trim() !== '';
  const setSource = (source: string): void => {
    const isProposed = draft.target === proposedTarget(draft.source, workdir);
    setDraft({ ...draft, source, target: isProposed ? proposedTarget(source, workdir) : draft.target });
  };
  const choose = async (): Promise<void> => {
    setSource((await browse()) ?? draft.source);
  };
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    onEnd(text);
  };
  const giveUp = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape') {
      onEnd(null);
    }
  };
  return (
    <form
      className="jp-Containerize-form jp-Containerize-mountForm"
      aria-label={trans.__('Mount')}
      onSubmit={submit}
      onKeyDown={giveUp}
    >
      <label htmlFor={`${id}-source`}>{trans.__('On this computer')}</label>
      <div className="jp-Containerize-inputLine">
        <input
          id={`${id}-source`}
          className="jp-mod-styled"
          placeholder={trans.__('./data, seen from the notebook')}
          spellCheck={false}
          autoFocus
          value={draft.source}
          onChange={event => {
            setSource(event.target.value);
          }}
        />
        <IconButton icon={folderIcon} label={trans.__('Choose a folder')} onClick={() => void choose()} />
      </div>
      <label htmlFor={`${id}-target`}>{trans.__('In the container')}</label>
      <input
        id={`${id}-target`}
        className="jp-mod-styled"
        placeholder={trans.__('data, or /data')}
        spellCheck={false}
        value={draft.target}
        onChange={event => {
          setDraft({ ...draft, target: event.target.value });
        }}
      />
      <label className="jp-Containerize-checkbox">
        <input
          type="checkbox"
          checked={draft.readOnly}
          onChange={event => {
            setDraft({ ...draft, readOnly: event.target.checked });
          }}
        />
        {trans.__('Read-only')}
      </label>
      {isWhole && !isPortable(text) && (
        <p className="jp-Containerize-help">
          {trans.__('It is outside the notebook’s folder, so it is kept on this computer, not in the notebook.')}
        </p>
      )}
      <div className="jp-Containerize-formButtons">
        <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={!isWhole}>
          {trans.__('Mount')}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => {
            onEnd(null);
          }}
        >
          {trans.__('Cancel')}
        </button>
      </div>
    </form>
  );
}
