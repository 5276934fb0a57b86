/** A job in the panel, or in the main area. */

import type { Locator } from '@playwright/test';
import { expect } from '@playwright/test';

const FIRST_BUILD = 150_000;

export class Job {
  /** `root` is the job's element in a list, or its page. */
  constructor(readonly root: Locator) {}

  /** Its state as a word; for a job in the list, without looking at its steps. */
  get state(): Locator {
    return this.root.locator('.jp-Containerize-jobHead, .jp-Containerize-pageHead').getByRole('img');
  }

  /** Wait until its state is this word. */
  async becomes(word: string): Promise<void> {
    await expect(this.state).toHaveAccessibleName(word, { timeout: FIRST_BUILD });
  }

  /** Unfold it in the list. */
  async open(): Promise<void> {
    await this.fold('true');
  }

  /** Fold it in the list. */
  async close(): Promise<void> {
    await this.fold('false');
  }

  private async fold(isOpen: 'true' | 'false'): Promise<void> {
    const head = this.root.locator('.jp-Containerize-jobButton');
    if ((await head.getAttribute('aria-expanded')) !== isOpen) {
      await head.click();
    }
  }

  get log(): Locator {
    return this.root.getByRole('log');
  }

  /** The element that has the log's lines. */
  get text(): Locator {
    return this.root.locator('.jp-Containerize-logText');
  }

  /** What its script printed: the lines below the heading of the last step. */
  async lines(): Promise<string[]> {
    const text = await this.text.textContent();
    const lines = (text ?? '').trimEnd().split('\n');
    return lines.slice(lines.findLastIndex(line => line.startsWith('Running ')) + 1);
  }

  /** Wait until its script has printed these lines, among others. The log comes in its own time, even after the end. */
  async shows(lines: readonly string[]): Promise<void> {
    await expect.poll(() => this.lines()).toEqual(expect.arrayContaining([...lines]));
  }

  /** Wait until its script has printed just these lines. */
  async prints(lines: readonly string[]): Promise<void> {
    await expect.poll(() => this.lines(), { timeout: FIRST_BUILD }).toEqual(lines);
  }

  /** Show the steps of a job that ended. */
  async unfoldSteps(): Promise<void> {
    await this.button(/^Steps/).click();
  }

  get steps(): Locator {
    return this.root.getByRole('list', { name: 'Steps' }).locator('.jp-Containerize-stepTitle');
  }

  /** What it ended with under this label. */
  async fact(label: string): Promise<string> {
    const term = this.root.locator('.jp-Containerize-facts dt').filter({ hasText: label });
    return term.locator('+ dd').innerText();
  }

  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name });
  }
}
