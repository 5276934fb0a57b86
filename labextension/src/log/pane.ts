/** The text of a log in the page: lines are only ever added, a batch in an animation frame, and the oldest leave. */

import type { IRenderMime } from '@jupyterlab/rendermime';
import { renderText } from '@jupyterlab/rendermime';
import type { ITranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import type { LogBuffer } from './buffer';
import { MOST_LINES } from './buffer';

const MOST_AT_ONCE = 250; // lines in a frame: some 10 ms of work

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
    const start = this.shown;
    const end = Math.min(start + MOST_AT_ONCE, buffer.end);
    if (end > start) {
      this.append(buffer.lines(start, end));
    }
    this.shown = end;
    this.trim();
    if (end < buffer.end) {
      this.schedule();
    } else {
      this.renderLive(buffer.live.join('\n'));
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
