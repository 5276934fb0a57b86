import { LogBuffer } from '../buffer';

const ESC = '\x1b[';

function shown(...texts: string[]): string {
  const buffer = new LogBuffer();
  for (const text of texts) {
    buffer.feed(text);
  }
  return buffer.text();
}

describe('LogBuffer', () => {
  test.each([
    ['lines', ['one\ntwo\n'], 'one\ntwo\n'],
    ['lines in pieces', ['on', 'e\ntw', 'o'], 'one\ntwo'],
    ['a progress bar', ['10%|#    |', '\r50%|###  |', '\r100%|#####|\ndone\n'], '100%|#####|\ndone\n'],
    ['a shorter text over a longer one', ['downloading\rdone'], 'doneloading'],
    ['an erased line', [`downloading\r${ESC}Kdone`], 'done'],
    ['line ends of another system', ['one\r\ntwo\r', '\nthree'], 'one\ntwo\nthree'],
    ['a backspace', ['ab\bc'], 'ac'],
    ['two bars', [`outer 0\ninner 0${ESC}A\r`, `outer 1\ninner 9\n`], 'outer 1\ninner 9\n'],
    ['what is erased below', [`a\nb\nc${ESC}2A\r${ESC}Jz`], 'z'],
    ['columns', [`abc${ESC}2Dx${ESC}5Gy`], 'axc y'],
    ['a control sequence in two pieces', [`a${ESC}3`, '1mb', `${ESC}0m`], 'ab'],
    ['a title for the window', ['a\x1b]0;title\x07b'], 'ab'],
    ['an unfinished sequence', [`a${ESC}`], 'a']
  ])('shows %s as a terminal does', (_, texts, expected) => {
    expect(shown(...texts)).toBe(expected);
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
