/** JupyterLab in the browser, as a person uses it, on a server whose folder is at hand. */

import path from 'node:path';

import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

import { writeNotebook } from './notebook';

export class Lab {
  /** `root` is the server's folder, `folder` the test's own in it. */
  constructor(
    readonly page: Page,
    private readonly root: string,
    private readonly folder: string
  ) {}

  /** Write a notebook into a folder of its own; returns its path as the contents API has it. */
  write(name: string, cells: readonly string[], metadata: Record<string, unknown> = {}): string {
    const notebook = path.posix.join(this.folder, `${name}.ipynb`);
    writeNotebook(this.file(notebook), cells, metadata);
    return notebook;
  }

  /** The path on the disk. */
  file(notebook: string): string {
    return path.join(this.root, notebook);
  }

  /** The button in the notebook's toolbar. */
  get button(): Locator {
    return this.page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="containerize"]').getByRole('button');
  }

  get panel(): Locator {
    return this.page.locator('#jupyter-containerize-panel');
  }

  /** Open the panel as its tab in the sidebar does. */
  async openPanel(): Promise<void> {
    await this.page.locator('.jp-SideBar [data-id="jupyter-containerize-panel"]').click();
    await expect(this.panel).toBeVisible();
  }

  cell(number: number): Locator {
    return this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${number}"]`);
  }

  /** Put this text into the cell, without saving. */
  async type(number: number, text: string): Promise<void> {
    await this.cell(number).locator('.cm-content').click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }
}

/** Wait until the notebook of the address is there, and its kernel. */
export async function notebookIsReady(page: Page): Promise<void> {
  await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
  await page.locator('.jp-NotebookPanel').waitFor();
  await expect(page.locator('#jp-main-statusbar')).toContainText('| Idle');
}
