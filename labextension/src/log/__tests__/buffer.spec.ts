import { readFileSync } from 'fs';
import { join } from 'path';

import { LogBuffer } from '../buffer';

interface IVector {
  name: string;
  pieces: string[];
  lines: string[];
}

// The same as the cell's and the terminal's displays show: tests/unit/display/test_display_logtail.py reads them too.
const VECTORS = JSON.parse(
  readFileSync(join(__dirname, '../../../../tests/terminal_vectors.json'), 'utf-8')
) as IVector[];

const ESC = '\x1b[';

function shown(...texts: string[]): string {
  const buffer = new LogBuffer();
  for (const text of texts) {
    buffer.feed(text);
  }
  return buffer.text();
}

describe('LogBuffer', () => {
  test.each(VECTORS)('shows $name as a terminal does', ({ pieces, lines }) => {
    expect(shown(...pieces).replace(/\n$/, '')).toBe(lines.join('\n'));
  });

  it('gives each line the colours that it needs by itself', () => {
    const buffer = new LogBuffer();
    buffer.feed(`${ESC}31mred\nstill ${ESC}1mbold${ESC}0m plain\n`);
    expect(buffer.live.slice(0, 2)).toEqual([
      `${ESC}31mred${ESC}0m`,
      `${ESC}31mstill ${ESC}0m${ESC}31m${ESC}1mbold${ESC}0m plain`
    ]);
  });

  it('keeps the last lines, and says how many came before', () => {
    const buffer = new LogBuffer(50);
    for (let index = 0; index < 1000; index++) {
      buffer.feed(`line ${index}\n`);
    }
    expect(buffer.end + buffer.live.length).toBe(1001);
    expect(buffer.end - buffer.first).toBe(50);
    expect(buffer.lines(buffer.first, buffer.first + 1)).toEqual([`line ${buffer.first}`]);
    expect(buffer.text().split('\n').slice(-2)).toEqual(['line 999', '']);
  });

  it('keeps a bounded part of a line without an end', () => {
    const buffer = new LogBuffer();
    for (let index = 0; index < 100; index++) {
      buffer.feed('x'.repeat(1000));
    }
    expect(buffer.text()).toHaveLength(10_000);
  });

  it('puts a heading on a line of its own', () => {
    const buffer = new LogBuffer();
    buffer.feed('without an end');
    buffer.heading('Running');
    expect(buffer.text()).toBe('without an end\nRunning\n');
  });
});
