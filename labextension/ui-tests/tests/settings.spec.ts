import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Locator } from '@playwright/test';

import { docker } from '../lab/engine';
import { expect, test } from '../lab/fixtures';

const BASE = 'base-of-the-settings:1';
const CELL = `import time
from pathlib import Path
print(Path('/shared/word').read_text(), flush=True)
while not Path('/shared/end').exists():
    time.sleep(0.1)`;

test.afterAll(() => {
  docker(['rmi', '--force', BASE]);
});

test('the button, the base, the mounts and the limits are those of the settings, unless the notebook has its own', async ({
  api,
  lab,
  openNotebook,
  page
}) => {
  const notebook = await openNotebook('settled', [CELL], { containerize: { memory: '200m' } });
  const shared = lab.makeFolder('shared');
  writeFileSync(path.join(shared, 'word'), 'from the default mount');
  await lab.openPanel();
  const base = (await lab.fold(/^Image and limits/)).getByRole('textbox', { name: 'Base image' });
  await expect(base).toHaveAttribute('placeholder', /^python:\d/);
  docker(['tag', (await base.getAttribute('placeholder')) ?? '', BASE]);

  await lab.set('mounts', [`${shared}:/shared:ro`]);
  await page.evaluate(() => window.jupyterapp.commands.execute('settingeditor:open', { query: 'Containerize' }));
  const field = (name: string): Locator => page.locator(`.jp-SettingsForm [id$="_${name}"]:is(input, select)`);
  await field('button').selectOption('build');
  await field('base').fill(BASE);
  await field('memory').fill('1g');
  await field('cpus').fill('0.5');
  // The form stores what is typed a while later.
  await expect.poll(() => lab.setting('cpus')).toBe(0.5);
  await page.activity.activateTab('settled.ipynb');
  await lab.panel.getByRole('button', { name: 'Save and refresh', exact: true }).click();
  await expect(base).toHaveAttribute('placeholder', BASE);
  await expect((await lab.fold(/^Data and mounts/)).getByRole('listitem')).toHaveText(`${shared}at /shared, read-only`);

  await lab.button.click();
  await lab.job.becomes('done');
  const image = await lab.job.fact('image');
  const label = '{{index .Config.Labels "org.opencontainers.image.base.name"}}';
  expect(docker(['inspect', '--format', label, image])).toBe(BASE);

  await lab.set('button', 'cells');
  await lab.button.click();
  await expect(lab.jobs).toHaveCount(2);
  await lab.job.prints(['from the default mount']);
  const [job] = await api.jobs();
  const limits = '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}';
  expect(docker(['inspect', '--format', limits, job?.container ?? ''])).toBe(`${200 * 2 ** 20} 500000000`);
  writeFileSync(path.join(shared, 'end'), '');
  await lab.job.becomes('done');
  await lab.job.button(/settled\.executed\.ipynb$/).click();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-OutputArea')).toHaveText('from the default mount\n');
  expect(readFileSync(lab.file(notebook), 'utf8')).not.toContain('from the default mount');
});
