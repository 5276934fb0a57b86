/** Why there is no plan, and where in the notebook that is. */

import { describe, RequestError } from '../api/request';

export interface IFault {
  message: string;
  hint: string;
  cell: number | null;
  line: number | null;
}

export function faultOf(error: unknown): IFault {
  const { cell, line } = error instanceof RequestError ? error.details : { cell: null, line: null };
  return { ...describe(error), cell, line };
}
