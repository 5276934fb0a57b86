import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/** Render the component again whenever the signal fires. */
export function useChanges(signal: ISignal<unknown, unknown>): void {
  const [, update] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const slot = (): void => {
      update();
    };
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}
