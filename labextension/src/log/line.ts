/** One line of a log: its text with the colour codes it needs by itself, and how many columns that is. */

const MOST_COLUMNS = 10_000;
// eslint-disable-next-line no-control-regex
const COLOR = /\x1b\[[\d;:]*m/g;
const RESET = '\x1b[0m';

export class Line {
  text = '';
  width = 0;

  /** Write over what is at `column`; a gap before it becomes spaces, and what is cut into loses its colours. */
  put(column: number, text: string, color: string): void {
    const fitting = text.slice(0, Math.max(MOST_COLUMNS - column, 0));
    if (!fitting) {
      return;
    }
    const colored = color ? color + fitting + RESET : fitting;
    const end = column + fitting.length;
    if (column === this.width) {
      this.text += colored;
    } else {
      const plain = withoutColors(this.text).padEnd(column);
      this.text = plain.slice(0, column) + colored + plain.slice(end);
    }
    this.width = Math.max(end, this.width);
  }

  /** Drop what is beyond that many columns. */
  keep(columns: number): void {
    if (columns < this.width) {
      this.text = withoutColors(this.text).slice(0, columns);
      this.width = columns;
    }
  }
}

export function withoutColors(text: string): string {
  return text.replace(COLOR, '');
}

/** The colours that hold after a colour code, as the codes that give them. */
export function colorAfter(color: string, code: string, parameters: string): string {
  const [first = '', ...rest] = parameters.split(';');
  if (Number(first) !== 0) {
    return (color.length < 200 ? color : '') + code;
  }
  return rest.length > 0 ? `\x1b[${rest.join(';')}m` : '';
}
