import type { IRenderMime } from '@jupyterlab/rendermime';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LogBuffer } from './buffer';
import { LogToolbar } from './LogToolbar';
import { LogPane } from './pane';

export interface ILogViewProps {
  buffer: LogBuffer;
  /** Where the whole log can be read, if it can. */
  address?: string;
  sanitizer: IRenderMime.ISanitizer;
  translator: ITranslator;
  /** More buttons of the toolbar. */
  actions?: React.ReactNode;
}

const NEAR = 8; // pixels from the end that still count as the end

/** A log as it grows: follows its end until the user scrolls away. */
export function LogView(props: ILogViewProps): React.ReactElement {
  const { buffer, sanitizer, translator } = props;
  const trans = translator.load('jupyter-containerize');
  const scroller = React.useRef<HTMLDivElement>(null);
  const text = React.useRef<HTMLDivElement>(null);
  const [hidden, setHidden] = React.useState(0);
  const [isFollowing, setFollowing] = useFollowing(scroller);

  const follow = React.useRef(isFollowing);
  follow.current = isFollowing;
  React.useEffect(() => {
    if (!text.current) {
      return;
    }
    const onRendered = (count: number): void => {
      setHidden(count);
      if (follow.current) {
        scrollToEnd(scroller.current);
      }
    };
    const pane = new LogPane({ buffer, host: text.current, sanitizer, translator, onRendered });
    return () => {
      pane.dispose();
    };
  }, [buffer, sanitizer, translator]);

  return (
    <div className="jp-Containerize-log">
      <LogToolbar
        buffer={buffer}
        text={text}
        {...(props.address && { address: props.address })}
        isFollowing={isFollowing}
        onFollow={setFollowing}
        trans={trans}
        actions={props.actions}
      />
      <div
        ref={scroller}
        className="jp-Containerize-logScroller"
        role="log"
        aria-live="off"
        aria-label={trans.__('Log')}
        tabIndex={0}
      >
        {hidden > 0 && <EarlierLines count={hidden} address={props.address} trans={trans} />}
        <div ref={text} className="jp-Containerize-logText jp-RenderedText" />
      </div>
    </div>
  );
}

interface IEarlierLinesProps {
  count: number;
  address: string | undefined;
  trans: TranslationBundle;
}

function EarlierLines({ count, address, trans }: IEarlierLinesProps): React.ReactElement {
  const text = trans._n('%1 earlier line', '%1 earlier lines', count);
  return (
    <p className="jp-Containerize-earlier">
      {address ? (
        <a href={address} target="_blank" rel="noreferrer">
          {trans.__('%1: open the whole log', text)}
        </a>
      ) : (
        text
      )}
    </p>
  );
}

/** Whether the end is kept in view: until the user scrolls up, and again when they scroll to the end. */
function useFollowing(scroller: React.RefObject<HTMLDivElement>): [boolean, (isFollowing: boolean) => void] {
  const [isFollowing, setFollowing] = React.useState(true);
  React.useEffect(() => {
    const node = scroller.current;
    let top = 0;
    const onScroll = (): void => {
      if (node) {
        const isAtEnd = node.scrollHeight - node.clientHeight - node.scrollTop < NEAR;
        setFollowing(before => isAtEnd || (before && node.scrollTop >= top));
        top = node.scrollTop;
      }
    };
    node?.addEventListener('scroll', onScroll, { passive: true });
    return () => node?.removeEventListener('scroll', onScroll);
  }, [scroller]);
  const choose = (isOn: boolean): void => {
    setFollowing(isOn);
    if (isOn) {
      scrollToEnd(scroller.current);
    }
  };
  return [isFollowing, choose];
}

function scrollToEnd(node: HTMLElement | null): void {
  if (node) {
    node.scrollTop = node.scrollHeight;
  }
}
