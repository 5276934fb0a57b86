import * as React from 'react';

import type { IJob } from '../api/types';
import { duration } from '../model/measure';

const SECOND = 1000;

/** How long the job took, or takes so far; nothing while it waits. */
export function Elapsed({ job }: { job: IJob }): React.ReactElement | null {
  const now = useClock(job.started !== '' && job.finished === '');
  if (!job.started) {
    return null;
  }
  const seconds = ((job.finished ? Date.parse(job.finished) : now) - Date.parse(job.started)) / SECOND;
  // Tenths of what goes on would only flicker.
  const text = duration(job.finished ? seconds : Math.max(Math.floor(seconds), 0)).replace('.0 s', ' s');
  return <span className="jp-Containerize-elapsed">{text}</span>;
}

/** The time, each second anew while it runs. */
function useClock(isRunning: boolean): number {
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    if (!isRunning) {
      return;
    }
    const timer = setInterval(() => {
      setNow(Date.now());
    }, SECOND);
    return () => {
      clearInterval(timer);
    };
  }, [isRunning]);
  return now;
}
