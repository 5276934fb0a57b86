import { Sanitizer } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';

import { LogBuffer } from '../buffer';
import { LogPane } from '../pane';

describe('LogPane', () => {
  let frames: FrameRequestCallback[];
  let buffer: LogBuffer;
  let host: HTMLElement;
  let hidden: number;
  let pane: LogPane;

  /** Let one animation frame pass; returns whether there was work for it. */
  const frame = (): boolean => {
    const [next] = frames.splice(0, 1);
    next?.(0);
    return next !== undefined;
  };
  const settle = (): void => {
    while (frame()) {
      // Until nothing is left to draw.
    }
  };
  const open = (): void => {
    host = document.createElement('div');
    const onRendered = (count: number): void => {
      hidden = count;
    };
    pane = new LogPane({ buffer, host, sanitizer: new Sanitizer(), translator: nullTranslator, onRendered });
  };
  const feedLines = (first: number, last: number): void => {
    for (let index = first; index <= last; index++) {
      buffer.feed(`line ${index}\n`);
    }
  };

  beforeEach(() => {
    frames = [];
    jest.spyOn(window, 'requestAnimationFrame').mockImplementation(callback => frames.push(callback));
    jest.spyOn(window, 'cancelAnimationFrame').mockImplementation(() => {
      frames = [];
    });
    buffer = new LogBuffer();
    open();
  });

  afterEach(() => {
    pane.dispose();
    jest.restoreAllMocks();
  });

  it('draws what came since the last frame, in one frame', () => {
    frame();
    feedLines(1, 30);
    expect(frames).toHaveLength(1);
    frame();
    expect(host.textContent).toContain('line 30');
    expect(frames).toHaveLength(0);
  });

  it('shows every line once, in order, however it came', () => {
    for (let index = 0; index < 100; index++) {
      feedLines(index * 7, index * 7 + 6);
      frame();
    }
    settle();
    expect(host.textContent.split('\n').filter(line => line !== '')).toEqual(
      Array.from({ length: 700 }, (_, index) => `line ${index}`)
    );
    expect(hidden).toBe(0);
  });

  it('adds lines without touching those that are there', () => {
    feedLines(1, 100);
    settle();
    const first = host.firstElementChild;
    feedLines(101, 200);
    settle();
    expect(host.firstElementChild).toBe(first);
  });

  it('draws a flood in parts, and lets the oldest lines go', () => {
    feedLines(1, 6_000);
    frame();
    expect(frames).toHaveLength(1);
    settle();
    feedLines(6_001, 60_000);
    settle();
    const lines = host.textContent.split('\n').filter(line => line !== '');
    expect(lines.at(-1)).toBe('line 60000');
    expect(lines.length).toBeGreaterThanOrEqual(5_000);
    expect(lines.length).toBeLessThan(5_500);
    expect(lines[0]).toBe(`line ${hidden + 1}`);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('draws less of lines that are long and coloured in a frame, and all of them in the end', () => {
    const line = Array.from({ length: 110 }, (_, index) => `\x1b[3${index % 8}mword\x1b[0m`).join(' ');
    buffer.feed(`${line}\n`.repeat(60));
    settle();
    const spans = [...host.children].map(drawn => drawn.getElementsByTagName('span').length);
    expect(Math.max(...spans)).toBeLessThanOrEqual(3_000);
    expect(host.textContent.match(/word/g)).toHaveLength(6_600);
  });

  it('redraws the lines that a progress bar rewrites', () => {
    buffer.feed('10%');
    frame();
    buffer.feed('\r90%');
    frame();
    expect(host.textContent).toBe('90%');
  });

  it('shows colours and links, and never runs what is printed', () => {
    buffer.feed('\x1b[31mred\x1b[0m https://example.com/x <img src=x onerror=alert(1)>\n');
    settle();
    expect(host.querySelector('.ansi-red-fg')?.textContent).toBe('red');
    expect(host.querySelector('a')?.getAttribute('href')).toBe('https://example.com/x');
    expect(host.querySelector('img')).toBeNull();
    expect(host.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  it('begins with what is there when it is opened late', () => {
    feedLines(1, 100);
    pane.dispose();
    open();
    settle();
    expect(host.textContent.match(/line \d+/g)).toHaveLength(100);
  });

  const HOSTILE = [
    '<script>window.ran = true</script>',
    '<img src=x onerror="window.ran = true">',
    '<svg onload="window.ran = true"><a xlink:href="javascript:window.ran = true">x</a></svg>',
    '<iframe srcdoc="<script>parent.ran = true</script>"></iframe>',
    'javascript:window.ran=true  http://a.example/"onmouseover="window.ran=true  data:text/html,<script>1</script>',
    'http://a.example/<img/src/onerror=window.ran=true>',
    '\u001b]8;;javascript:window.ran=true\u0007click\u001b]8;;\u0007',
    '\u001b[31m<b onclick="window.ran = true">red</b>\u001b[0m',
    '\u001b[3"onclick="window.ran=true"m<math><mi xlink:href="data:x,<script>1</script>"></mi></math>',
    '<style>@import "javascript:1"</style><base href="//a.example/"><form action=javascript:1><input autofocus onfocus=1>',
    '<<script>script>1<</script>/script>',
    '<a href="vbscript:1">&lt;script&gt;&#x3c;script&#x3e;</a>'
  ];

  it.each([...HOSTILE, HOSTILE.join('\n'), HOSTILE.join('\r')])('makes nothing of it that runs: %j', text => {
    document.body.append(host);
    buffer.feed(`${text}\n`);
    settle();
    expect(host.textContent).not.toBe('');
    const elements = [...host.querySelectorAll('*')];
    const kinds = new Set(elements.map(element => element.localName));
    expect([...kinds].filter(kind => !['a', 'div', 'pre', 'span'].includes(kind))).toEqual([]);
    const attributes = elements.flatMap(element => [...element.attributes]);
    expect(attributes.filter(({ name }) => name.startsWith('on')).map(({ name }) => name)).toEqual([]);
    expect(attributes.filter(({ name }) => name === 'src')).toEqual([]);
    for (const link of host.querySelectorAll('a')) {
      for (const kind of ['click', 'auxclick']) {
        const followed = link.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
        expect([link.href, followed]).toEqual([link.href, /^https?:/.test(link.href)]);
        expect(link.href).not.toMatch(/^(javascript|vbscript):/);
      }
    }
    expect((window as { ran?: boolean }).ran).toBeUndefined();
    host.remove();
  });
});
