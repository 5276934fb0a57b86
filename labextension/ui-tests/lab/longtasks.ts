/** How long the page does not answer, as the browser's performance timeline has it. */

import type { Page } from '@playwright/test';

/** Begin to note the tasks over 50 ms; returns what gives the duration of the longest, in milliseconds. */
export async function watchLongTasks(page: Page): Promise<() => Promise<number>> {
  const longest = await page.evaluateHandle(() => {
    const kept = { duration: 0 };
    new PerformanceObserver(list => {
      kept.duration = Math.max(kept.duration, ...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
    return kept;
  });
  return () => longest.evaluate(({ duration }) => duration);
}
