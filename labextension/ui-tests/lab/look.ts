/** How the panel looks in JupyterLab's two themes: what axe finds in it, and pictures. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { PANEL_ID } from './lab';
import { PYTHON, REPOSITORY, RESULTS } from './server';

// Without a height of its own axe takes all that is in the page for hidden, and looks at no colour.
const TALL_BODY = 'body { height: 100vh; }';
const SERIOUS = ['serious', 'critical'];
const FONTS = path.join(REPOSITORY, 'tests/browser/pictures.css');

type Theme = 'Dark' | 'Light';

export class Look {
  constructor(private readonly page: IJupyterLabPageFixture) {}

  /** What axe finds serious in the panel as it is now, in either theme; its pictures go to the results as `name`. */
  async findings(name: string): Promise<string[]> {
    const found: string[] = [];
    await this.page.addStyleTag({ content: TALL_BODY });
    for (const theme of ['Dark', 'Light'] as const) {
      await this.wear(theme);
      await this.take(this.page, path.join(RESULTS, 'look', `${name}-${theme.toLowerCase()}.png`));
      const { violations } = await new AxeBuilder({ page: this.page }).include(`#${PANEL_ID}`).analyze();
      const serious = violations.filter(({ impact }) => SERIOUS.includes(impact ?? ''));
      found.push(...serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${theme}: ${id}: ${html}`)));
    }
    return found;
  }

  /** Put a picture into the documentation where SCREENSHOTS is set, as the tests of the magic do. */
  async publish(name: string, theme: Theme, part: Locator | IJupyterLabPageFixture = this.page): Promise<void> {
    if (process.env.SCREENSHOTS) {
      await this.wear(theme);
      await this.page.addStyleTag({ path: FONTS });
      const input = await this.take(part);
      execFileSync(PYTHON, ['-m', 'tests.browser.pictures', name], { cwd: REPOSITORY, input });
    }
  }

  private async wear(theme: Theme): Promise<void> {
    await this.page.theme.setTheme(`JupyterLab ${theme}`);
    await this.page.mouse.move(0, 0);
  }

  private async take(part: Locator | IJupyterLabPageFixture, file?: string): Promise<Buffer> {
    return part.screenshot({ animations: 'disabled', ...(file !== undefined && { path: file }) });
  }
}
