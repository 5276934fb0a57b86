import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '../lab/fixtures';
import { Look } from '../lab/look';
import { REPOSITORY } from '../lab/server';

const DEMO = path.join(REPOSITORY, 'demo_notebooks/penguins');
const FAILING = ['readings = []', 'total = sum(readings)', 'mean = total / len(readings)\nprint(mean)'];
const TRAINING = [
  'import time',
  'for epoch in range(1, 1000):\n    print(f"epoch {epoch}: loss {1 / epoch:.3f}", flush=True)\n    time.sleep(1)'
];

// The folder's name is in the pictures.
test.use({ tmpPath: 'penguins', deviceScaleFactor: 2, viewport: { width: 1180, height: 880 } });

test('everybody can read the panel: idle, with a plan, done, failed and running, in light and in dark', async ({
  lab,
  page
}) => {
  test.setTimeout(400_000);
  const look = new Look(page);
  const notebook = 'penguins/penguins.ipynb';
  const folder = path.dirname(lab.file(notebook));
  cpSync(DEMO, folder, { recursive: true, filter: source => path.dirname(source) !== path.join(DEMO, 'output') });
  const run = lab.panel.getByRole('button', { name: 'Build and run' });
  await lab.goto(notebook);
  await page.keyboard.press('ControlOrMeta+s');
  await lab.openPanel();
  await page.sidebar.setWidth(300, 'left');
  await expect(lab.engine).toContainText('Docker Engine');
  expect(await look.findings('idle')).toEqual([]);

  await lab.fold(/^Data and mounts/);
  const packages = await lab.fold(/^Packages/);
  await expect(packages).toContainText('scikit-learn');
  expect(await look.findings('plan')).toEqual([]);
  await look.publish('panel-plan', 'Light', lab.panel);
  await lab.panel.getByRole('button', { name: 'Plan', exact: true }).click();

  await run.click();
  await lab.job.becomes('done');
  await expect(lab.job.text).toContainText('accuracy on 84 birds');
  expect(existsSync(path.join(folder, 'output/report.json'))).toBe(true);
  expect(await look.findings('done')).toEqual([]);
  await look.publish('panel', 'Light');

  await lab.open(lab.write('mean', FAILING));
  await run.click();
  await expect(lab.jobs).toHaveCount(2);
  await lab.job.becomes('failed');
  await lab.job.button('Go to cell 3, line 1').click();
  expect(await look.findings('failed')).toEqual([]);
  await look.publish('panel-failed', 'Light');

  await lab.open(lab.write('training', TRAINING));
  await run.click();
  await expect(lab.jobs).toHaveCount(3);
  await expect.poll(() => lab.job.lines()).toContain('epoch 3: loss 0.333');
  expect(await look.findings('running')).toEqual([]);
  await look.publish('panel-dark', 'Dark', lab.panel);
});
