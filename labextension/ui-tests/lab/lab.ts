/** JupyterLab in the browser, as a person uses it, on a server whose folder is at hand. */

import { mkdirSync } from 'node:fs';
import path from 'node:path';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

import { Job } from './job';
import { writeNotebook } from './notebook';

const PLUGIN_ID = 'jupyter-containerize:plugin';
export const PANEL_ID = 'jupyter-containerize-panel';

export class Lab {
  /** `root` is the server's folder, `folder` the test's own in it. */
  constructor(
    readonly page: IJupyterLabPageFixture,
    private readonly root: string,
    private readonly folder: string
  ) {}

  /** Write a notebook into a folder of its own; returns its path as the contents API has it. */
  write(name: string, cells: readonly string[], metadata: Record<string, unknown> = {}): string {
    const notebook = path.posix.join(this.folder, `${name}.ipynb`);
    writeNotebook(this.file(notebook), cells, metadata);
    return notebook;
  }

  /** Show the notebook, in a page that is loaded anew. */
  async goto(notebook: string): Promise<void> {
    try {
      await this.page.goto(`tree/${notebook}`);
    } catch {
      // On a busy machine JupyterLab takes longer to start than galata waits.
      await this.page.goto(`tree/${notebook}`);
    }
  }

  /** Make a folder beside the test's notebooks; returns its path on the disk. */
  makeFolder(name: string): string {
    const folder = path.join(this.root, this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Show another notebook in the page as it is. */
  async open(notebook: string): Promise<void> {
    await this.page.evaluate(async path => {
      await window.jupyterapp.commands.execute('docmanager:open', { path });
    }, notebook);
  }

  /** The path on the disk. */
  file(notebook: string): string {
    return path.join(this.root, notebook);
  }

  /** The button in the notebook's toolbar. */
  get button(): Locator {
    return this.page.locator('.jp-NotebookPanel-toolbar').getByRole('button', { name: 'Containerize' });
  }

  /** What it says of the engine. */
  get engine(): Locator {
    return this.panel.locator('.jp-Containerize-engineName');
  }

  get panel(): Locator {
    return this.page.locator(`#${PANEL_ID}`);
  }

  /** Show the panel as its tab in the sidebar does. */
  async openPanel(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Containers', exact: true }).click();
    await expect(this.panel).toBeVisible();
  }

  /** The jobs in the panel, newest first. */
  get jobs(): Locator {
    return this.panel.locator('.jp-Containerize-jobItem');
  }

  /** The newest job. */
  get job(): Job {
    return new Job(this.jobs.first());
  }

  /** A part of the panel, opened where it is folded. */
  async section(title: string): Promise<Locator> {
    const section = this.panel.getByRole('region', { name: title, exact: true });
    const fold = section.getByRole('button', { name: title, exact: true });
    if ((await fold.getAttribute('aria-expanded')) === 'false') {
      await fold.click();
    }
    return section;
  }

  /** A part of the plan, opened where it is folded. */
  async fold(title: string | RegExp): Promise<Locator> {
    const plan = await this.section('Plan');
    const fold = plan.locator('.jp-Containerize-fold').filter({ has: this.page.getByRole('button', { name: title }) });
    const button = fold.getByRole('button', { name: title });
    if ((await button.getAttribute('aria-expanded')) === 'false') {
      await button.click();
    }
    return fold;
  }

  /** Type into the field of a part of the plan, and press Enter. */
  async enter(part: string, field: string, text: string): Promise<void> {
    const input = (await this.fold(new RegExp(`^${part}`))).getByRole('textbox', { name: field });
    await input.fill(text);
    await input.press('Enter');
  }

  /** Change a setting of the extension. */
  async set(key: string, value: unknown): Promise<void> {
    await this.page.evaluate(
      async ([plugin, name, chosen]) => {
        const registry = await window.galata.getPlugin('@jupyterlab/apputils-extension:settings');
        await registry?.set(plugin, name, chosen as never);
      },
      [PLUGIN_ID, key, value] as [string, string, unknown]
    );
  }

  /** A setting of the extension as it is stored. */
  async setting(key: string): Promise<unknown> {
    return this.page.evaluate(
      async ([plugin, name]) => {
        const registry = await window.galata.getPlugin('@jupyterlab/apputils-extension:settings');
        return (await registry?.get(plugin, name))?.composite;
      },
      [PLUGIN_ID, key] as [string, string]
    );
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
