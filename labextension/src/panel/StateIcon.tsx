import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobState } from '../api/types';
import { stateOf } from './words';

const GLYPHS: Record<JobState, string> = {
  queued: '···',
  running: '',
  stopping: '',
  succeeded: '✓',
  failed: '✕',
  cancelled: '■',
  lost: '?'
};

/** A state as a sign and, for who can't see it, as a word. */
export function StateIcon({ state, trans }: { state: JobState; trans: TranslationBundle }): React.ReactElement {
  const word = stateOf(state, trans);
  return (
    <span className="jp-Containerize-state" data-state={state} role="img" aria-label={word} title={word}>
      {GLYPHS[state]}
    </span>
  );
}
