/** Why there is no plan, and where in the notebook that is. */

import { describe, RequestError } from '../api/request';
import type { IFix } from '../api/types';

export interface IFault {
  message: string;
  hint: string;
  fixes: readonly IFix[];
  cell: number | null;
  line: number | null;
}

export function faultOf(error: unknown): IFault {
  const { cell, line, fixes } = error instanceof RequestError ? error.details : { cell: null, line: null, fixes: [] };
  return { ...describe(error), fixes, cell, line };
}
