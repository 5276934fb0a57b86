/** Words that several parts of the plan say. */

import type { PlanModel } from './model';

/** How many there are; nothing while there is no plan that knows. */
export function countOf({ plan, panel }: PlanModel, count: number): string {
  if (!plan) {
    return '';
  }
  return count > 0 ? String(count) : panel.trans.__('none');
}
