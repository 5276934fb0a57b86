/** The text of a log in the page: lines are only ever added, a batch in an animation frame, and the oldest leave. */

import type { IRenderMime } from '@jupyterlab/rendermime';
import { renderText } from '@jupyterlab/rendermime';
import type { ITranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import type { LogBuffer } from './buffer';
import { MOST_LINES } from './buffer';
import { withoutColors } from './line';

// In a frame: some 10 ms of work, a few times that where every word has a colour.
const MOST_LINES_AT_ONCE = 250;
const MOST_CHARACTERS_AT_ONCE = 32_768;

export interface ILogPaneOptions {
  buffer: LogBuffer;
  /** Where the lines go. */
  host: HTMLElement;
  sanitizer: IRenderMime.ISanitizer;
  translator: ITranslator;
  /** After each frame that changed something; `hidden` is how many lines came before those that are shown. */
  onRendered: (hidden: number) => void;
}

interface IBatch {
  node: HTMLElement;
  count: number;
}

export class LogPane implements IDisposable {
  constructor(private readonly options: ILogPaneOptions) {
    this.shown = options.buffer.first;
    this.liveNode = options.host.appendChild(document.createElement('div'));
    options.host.addEventListener('click', followOnlyPages);
    options.host.addEventListener('auxclick', followOnlyPages);
    options.buffer.changed.connect(this.schedule);
    this.schedule();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    cancelAnimationFrame(this.frame);
    this.options.buffer.changed.disconnect(this.schedule);
    this.options.host.removeEventListener('click', followOnlyPages);
    this.options.host.removeEventListener('auxclick', followOnlyPages);
    this.options.host.replaceChildren();
  }

  private readonly schedule = (): void => {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.render();
    });
  };

  private render(): void {
    const { buffer, onRendered } = this.options;
    if (buffer.first > this.shown) {
      this.clear(buffer.first);
    }
    const lines = fewEnough(buffer.lines(this.shown, this.shown + MOST_LINES_AT_ONCE));
    if (lines.length > 0) {
      this.append(lines);
    }
    this.shown += lines.length;
    this.trim();
    if (this.shown < buffer.end) {
      this.schedule();
    } else {
      const live = buffer.live.join('\n');
      // It is drawn whole each time: so much of it gets its colours only once it does not change any more.
      this.renderLive(live.length > MOST_CHARACTERS_AT_ONCE ? withoutColors(live) : live);
    }
    onRendered(this.shown - this.count);
  }

  private append(lines: readonly string[]): void {
    const node = document.createElement('div');
    this.draw(node, `${lines.join('\n')}\n`);
    this.options.host.insertBefore(node, this.liveNode);
    this.batches.push({ node, count: lines.length });
    this.count += lines.length;
  }

  /** Lines were dropped before they could be shown: go on with those that are there. */
  private clear(first: number): void {
    for (const batch of this.batches.splice(0)) {
      batch.node.remove();
    }
    this.count = 0;
    this.shown = first;
  }

  private renderLive(text: string): void {
    if (text !== this.liveText) {
      this.liveText = text;
      this.liveNode.replaceChildren();
      this.draw(this.liveNode, text);
    }
  }

  private draw(host: HTMLElement, source: string): void {
    const { sanitizer, translator } = this.options;
    void renderText({ host, sanitizer, source, translator });
  }

  private trim(): void {
    for (let oldest = this.batches[0]; oldest && this.count - oldest.count >= MOST_LINES; oldest = this.batches[0]) {
      oldest.node.remove();
      this.batches.shift();
      this.count -= oldest.count;
    }
  }

  private readonly batches: IBatch[] = [];
  private count = 0;
  private disposed = false;
  private frame = 0;
  private readonly liveNode: HTMLElement;
  private liveText = '';
  private shown: number;
}

/** Follow no link but to a page: JupyterLab makes links of `data:` and the like too, and a log is a stranger's text. */
function followOnlyPages(event: Event): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link && !/^https?:\/\//i.test(link.getAttribute('href') ?? '')) {
    event.preventDefault();
  }
}

/** The first of the lines, one at the least, and of more no more than a frame has time for. */
function fewEnough(lines: readonly string[]): readonly string[] {
  let characters = 0;
  const end = lines.findIndex((line, index) => (characters += line.length) > MOST_CHARACTERS_AT_ONCE && index > 0);
  return end < 0 ? lines : lines.slice(0, end);
}
