import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { copyIcon, downloadIcon, moveDownIcon, searchIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IconButton } from '../controls/IconButton';
import type { LogBuffer } from './buffer';
import { LogSearch } from './LogSearch';

interface ILogToolbarProps {
  buffer: LogBuffer;
  /** The element that has the lines. */
  text: React.RefObject<HTMLElement>;
  address?: string;
  isFollowing: boolean;
  onFollow: (isFollowing: boolean) => void;
  trans: TranslationBundle;
  actions?: React.ReactNode;
}

/** What can be done with a log: search it, copy it, follow its end, get the whole of it. */
export function LogToolbar(props: ILogToolbarProps): React.ReactElement {
  const { buffer, trans, isFollowing } = props;
  const [isSearching, setSearching] = React.useState(false);
  return (
    <div className="jp-Containerize-logToolbar" role="toolbar" aria-label={trans.__('Log')}>
      <span className="jp-Containerize-logTitle">{trans.__('Log')}</span>
      {isSearching && (
        <LogSearch
          text={props.text}
          trans={trans}
          onFound={() => {
            props.onFollow(false);
          }}
          onClose={() => {
            setSearching(false);
          }}
        />
      )}
      <IconButton
        icon={searchIcon}
        label={trans.__('Search the log')}
        onClick={() => {
          setSearching(!isSearching);
        }}
      />
      <IconButton
        icon={copyIcon}
        label={trans.__('Copy the log')}
        onClick={() => {
          Clipboard.copyToSystem(buffer.text());
        }}
      />
      <button
        type="button"
        className="jp-Containerize-iconButton"
        aria-pressed={isFollowing}
        aria-label={trans.__('Follow the end of the log')}
        title={trans.__('Follow the end of the log')}
        onClick={() => {
          props.onFollow(!isFollowing);
        }}
      >
        <moveDownIcon.react tag="span" aria-hidden="true" />
      </button>
      {props.address && <WholeLog address={props.address} trans={trans} />}
      {props.actions}
    </div>
  );
}

function WholeLog({ address, trans }: { address: string; trans: TranslationBundle }): React.ReactElement {
  const label = trans.__('Open the whole log in a new browser tab');
  return (
    <a
      className="jp-Containerize-iconButton"
      href={address}
      target="_blank"
      rel="noreferrer"
      aria-label={label}
      title={label}
    >
      <downloadIcon.react tag="span" aria-hidden="true" />
    </a>
  );
}
