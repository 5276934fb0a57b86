/** The last lines of a log, in bounded memory; lines are counted from 0 over the whole log. */

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { withoutColors } from './line';
import { Screen } from './screen';

export const MOST_LINES = 5_000;

export class LogBuffer {
  constructor(private readonly mostLines = MOST_LINES) {}

  /** Fires after each `feed`. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** The number of the first line that is kept. */
  get first(): number {
    return this.end - Math.min(this.kept.length, this.mostLines);
  }

  /** How many lines there are that do not change any more. */
  get end(): number {
    return this.dropped + this.kept.length;
  }

  /** The lines after them, which progress bars may still rewrite. */
  get live(): readonly string[] {
    return this.screen.rows;
  }

  get isEmpty(): boolean {
    return this.end === 0 && this.live.every(line => line === '');
  }

  feed(text: string): void {
    this.screen.feed(text);
    // Dropping many at a time costs less than one by one.
    if (this.kept.length > 2 * this.mostLines) {
      this.dropped += this.kept.splice(0, this.kept.length - this.mostLines).length;
    }
    this.changedSignal.emit();
  }

  /** Print a heading on a line of its own. */
  heading(text: string): void {
    const isWithinLine = this.live.at(-1) !== '';
    this.feed(`${isWithinLine ? '\n' : ''}\x1b[0m\x1b[1;34m${text}\x1b[0m\n`);
  }

  /** The lines from `start` to before `end`, with their colour codes. */
  lines(start: number, end: number): readonly string[] {
    return this.kept.slice(Math.max(start - this.dropped, 0), Math.max(end - this.dropped, 0));
  }

  /** What is kept, as plain text. */
  text(): string {
    return withoutColors([...this.lines(this.first, this.end), ...this.live].join('\n'));
  }

  private readonly screen = new Screen(line => this.kept.push(line));
  private readonly kept: string[] = [];
  private dropped = 0;
  private readonly changedSignal = new Signal<this, void>(this);
}
