import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

export interface ICappedProps<T> {
  trans: TranslationBundle;
  items: readonly T[];
  /** How many are shown at first. */
  most: number;
  /** The list of these. */
  children: (items: readonly T[]) => React.ReactElement;
}

/** The first of a long list, and the others on request. */
export function Capped<T>({ trans, items, most, children }: ICappedProps<T>): React.ReactElement {
  const [isWhole, setWhole] = React.useState(false);
  const rest = items.length - most;
  const showAll = (): void => {
    setWhole(true);
  };
  return isWhole || rest <= 0 ? (
    children(items)
  ) : (
    <>
      {children(items.slice(0, most))}
      <button type="button" className="jp-Containerize-link jp-Containerize-rest" onClick={showAll}>
        {trans._n('and %1 more', 'and %1 more', rest)}
      </button>
    </>
  );
}
