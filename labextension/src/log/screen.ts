/**
 * Lines as a terminal would show them: as much of one as progress bars use (tqdm's nested ones, pip, apt).
 *
 * Lines that nothing can reach any more leave at the top, through `onLine`.
 */

import { colorAfter, Line } from './line';

const MOST_ROWS = 24;

// Newline, return, backspace; CSI; strings (OSC and such); other escapes; other controls.
const CONTROL =
  // eslint-disable-next-line no-control-regex
  /[\n\r\b]|\x1b\[([0-?]*)[ -/]*([@-~])|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-OQ-WYZ\\`-~]|[\0-\x08\x0b-\x1f\x7f]/g;
// eslint-disable-next-line no-control-regex
const UNFINISHED = /\x1b(?:\[[0-?]{0,64}[ -/]{0,4}|[\]PX^_][^\x07\x1b]{0,2048}\x1b?|[ -/]{0,4})$/;
const LONGEST_UNFINISHED = 2100;

export class Screen {
  constructor(private readonly onLine: (text: string) => void) {}

  /** Print text: any number of lines, a part of one, or a part of a control sequence. */
  feed(text: string): void {
    const whole = this.complete(text);
    let position = 0;
    for (const control of whole.matchAll(CONTROL)) {
      this.write(whole.slice(position, control.index));
      this.obey(control[0], control[1] ?? '', control[2]);
      position = control.index + control[0].length;
    }
    this.write(whole.slice(position));
  }

  /** The lines that can still change; the last is empty after a newline. */
  get rows(): readonly string[] {
    return this.lines.map(line => line.text);
  }

  private complete(text: string): string {
    const whole = this.pending + text;
    const unfinished = UNFINISHED.exec(whole.slice(-LONGEST_UNFINISHED));
    this.pending = unfinished?.[0] ?? '';
    return whole.slice(0, whole.length - this.pending.length);
  }

  private write(text: string): void {
    if (text) {
      this.line.put(this.column, text, this.color);
      this.column += text.length;
    }
  }

  private obey(control: string, parameters: string, code: string | undefined): void {
    if (control === '\n') {
      this.newline();
    } else if (control === '\r') {
      this.column = 0;
    } else if (control === '\b') {
      this.column = Math.max(this.column - 1, 0);
    } else if (code === 'm') {
      this.color = colorAfter(this.color, control, parameters);
    } else if (code) {
      this.move(code, /^\d+$/.test(parameters) ? Number(parameters) : null);
    }
  }

  private newline(): void {
    this.column = 0;
    if (this.above > 0) {
      this.above -= 1;
      return;
    }
    this.lines.push(new Line());
    if (this.lines.length > MOST_ROWS) {
      this.onLine(this.lines.shift()?.text ?? '');
    }
  }

  /** Obey `ESC [ number code` (ECMA-48); other codes than these are left alone. */
  private move(code: string, number: number | null): void {
    const by = number ?? 1;
    if (code === 'A') {
      this.above = Math.min(this.above + by, this.lines.length - 1);
    } else if (code === 'B') {
      this.above = Math.max(this.above - by, 0);
    } else if (code === 'C') {
      this.column += by;
    } else if (code === 'D') {
      this.column = Math.max(this.column - by, 0);
    } else if (code === 'G') {
      this.column = Math.max(by - 1, 0);
    } else if (code === 'K') {
      this.eraseLine(number ?? 0);
    } else if (code === 'J' && !number) {
      this.eraseBelow();
    }
  }

  private eraseLine(part: number): void {
    if (part === 1) {
      this.line.put(0, ' '.repeat(Math.min(this.column + 1, this.line.width)), '');
    } else {
      this.line.keep(part === 0 ? this.column : 0);
    }
  }

  private eraseBelow(): void {
    this.lines.length -= this.above;
    this.above = 0;
    this.line.keep(this.column);
  }

  private get line(): Line {
    return this.lines[this.lines.length - 1 - this.above] ?? new Line();
  }

  private readonly lines: Line[] = [new Line()];
  private above = 0; // how many lines the cursor is above the last one
  private column = 0;
  private color = '';
  private pending = '';
}
