import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IconButton } from '../controls/IconButton';
import { clearMarks, findText, markRanges } from './search';

interface ILogSearchProps {
  text: React.RefObject<HTMLElement>;
  trans: TranslationBundle;
  /** A match was scrolled into view. */
  onFound: () => void;
  onClose: () => void;
}

/** A field that finds text in the log: Enter goes to the next match, Shift+Enter to the one before. */
export function LogSearch({ text, trans, onFound, onClose }: ILogSearchProps): React.ReactElement {
  const [query, setQuery] = React.useState('');
  const [found, setFound] = React.useState({ current: 0, count: 0 });
  const field = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => {
    field.current?.focus();
    return clearMarks;
  }, []);

  /** The log grows and its oldest lines leave, so it is searched anew each time. */
  const search = (words: string, step: number): void => {
    const ranges = text.current ? findText(text.current, words) : [];
    const count = ranges.length;
    const current = count === 0 ? 0 : (found.current + step + count) % count;
    markRanges(ranges, ranges[current]);
    scrollTo(ranges[current]);
    setFound({ current, count });
    if (count > 0) {
      onFound();
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter') {
      search(query, event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      onClose();
    }
  };
  return (
    <span className="jp-Containerize-search" role="search">
      <input
        ref={field}
        className="jp-mod-styled"
        aria-label={trans.__('Text to find in the log')}
        placeholder={trans.__('Find')}
        spellCheck={false}
        value={query}
        onChange={event => {
          setQuery(event.target.value);
          search(event.target.value, 0);
        }}
        onKeyDown={onKeyDown}
      />
      <span className="jp-Containerize-dim" role="status">
        {query && trans.__('%1 of %2', found.count && found.current + 1, found.count)}
      </span>
      <IconButton
        icon={caretUpIcon}
        label={trans.__('Match before')}
        onClick={() => {
          search(query, -1);
        }}
      />
      <IconButton
        icon={caretDownIcon}
        label={trans.__('Next match')}
        onClick={() => {
          search(query, 1);
        }}
      />
    </span>
  );
}

/** Bring a range into the middle of what scrolls it. */
function scrollTo(range: Range | undefined): void {
  const scroller = range?.startContainer.parentElement?.closest('.jp-Containerize-logScroller');
  if (range && scroller) {
    const middle = scroller.getBoundingClientRect().top + scroller.clientHeight / 2;
    scroller.scrollTop += range.getBoundingClientRect().top - middle;
  }
}
