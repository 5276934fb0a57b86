import * as React from 'react';

import type { IProgress } from '../api/types';
import { Linked } from '../controls/Linked';

/** Where a container that runs is reached, of all that its step has told. */
export function Addresses({ items }: { items: readonly IProgress[] }): React.ReactElement {
  return (
    <>
      {items
        .filter(({ item }) => item.startsWith('port '))
        .map(({ item, label }) => (
          <p key={item} className="jp-Containerize-address">
            <Linked text={label} />
          </p>
        ))}
    </>
  );
}
