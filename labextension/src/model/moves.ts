/** Where the server's files and folders go, as far as this page moves them. */

import type { Contents } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** What was at `from`, and below it, is at `to` now; null where it is gone. */
export interface IMove {
  from: string;
  to: string | null;
}

export class Moves {
  /** `serverPath` is the path that the server knows a file by; null where it is on another drive. */
  constructor(
    contents: Contents.IManager,
    private readonly serverPath: (path: string) => string | null
  ) {
    contents.fileChanged.connect(this.onFile);
  }

  get made(): ISignal<this, IMove> {
    return this.madeSignal;
  }

  private readonly onFile = (_: unknown, { type, oldValue, newValue }: Contents.IChangedArgs): void => {
    const from = this.pathOf(oldValue);
    const to = this.pathOf(newValue);
    if (from !== null && (type === 'rename' || type === 'delete')) {
      this.madeSignal.emit({ from, to });
    } else if (to !== null && type === 'new') {
      // Whatever had that name before went without a word.
      this.madeSignal.emit({ from: to, to: null });
    }
  };

  private pathOf(file: Contents.IChangedArgs['newValue']): string | null {
    return file?.path === undefined ? null : this.serverPath(file.path);
  }

  private readonly madeSignal = new Signal<this, IMove>(this);
}
