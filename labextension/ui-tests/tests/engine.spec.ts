import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { docker, engineSocket } from '../lab/engine';
import { expect, test } from '../lab/fixtures';
import { Proxy } from '../lab/proxy';
import { MAIN, OwnServer } from '../lab/server';

const PLACE = { name: 'engine', port: MAIN.port + 1 };
const COUNTING = ['import time\nfor number in range(600):\n    print(number, flush=True)\n    time.sleep(0.5)'];

let folder: string;
let engine: Proxy;
let server: OwnServer;

// What galata asks of kernels and sessions fails while the server is away.
test.use({ place: PLACE, kernels: null, sessions: null, terminals: null });

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'containerize-'));
  const socket = path.join(folder, 'engine.sock');
  engine = new Proxy(socket, { path: engineSocket() });
  await engine.open();
  server = new OwnServer(PLACE, { DOCKER_HOST: `unix://${socket}` });
  await server.start();
});

test.afterAll(async () => {
  await server.kill();
  await engine.close();
  rmSync(folder, { recursive: true });
});

test('an engine that stops is told of with what to do, and is used again once it is back', async ({
  api,
  lab,
  openNotebook
}) => {
  await openNotebook('outage', COUNTING);
  await lab.button.click();
  const containers = await lab.section('Containers');
  await expect.poll(() => lab.job.lines()).toContain('2');
  const [job] = await api.jobs();
  await engine.close();
  await expect(lab.engine).toHaveText('No container engine');
  await expect(lab.panel.getByRole('alert').first()).toContainText('Start the engine there, or correct DOCKER_HOST');
  await lab.job.becomes('failed');
  await expect(lab.job.root.getByRole('alert')).toContainText('Start the engine again');
  await lab.job.shows(['0', '1', '2']);

  await engine.open();
  await expect(lab.engine).toContainText('Docker Engine');
  await expect(lab.panel.getByRole('alert')).toHaveCount(1);
  await expect(containers.getByRole('listitem').filter({ hasText: job?.container ?? '' })).toBeVisible();
  await lab.job.button('Do the same again: outage.ipynb').click();
  await expect(lab.jobs).toHaveCount(2);
  await expect.poll(() => lab.job.lines()).toContain('2');
});

test('a job goes on while the server is killed, and is there with its whole log when it is back', async ({
  api,
  lab,
  openNotebook,
  page
}) => {
  await openNotebook('crash', COUNTING);
  await lab.button.click();
  await expect.poll(() => lab.job.lines()).toContain('2');
  const [job] = await api.jobs();
  await server.kill();
  await expect(lab.engine).toContainText('The server can’t be reached');
  const before = await lab.job.lines();
  await server.start();
  await expect(lab.engine).toContainText('Docker Engine');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await expect.poll(async () => (await lab.job.lines()).length).toBeGreaterThan(before.length + 4);
  const lines = await lab.job.lines();
  expect(lines).toEqual(lines.map((_, index) => String(index)));
  await expect(lab.job.state).toHaveAccessibleName('running');
  const containers = await lab.section('Containers');
  await expect(containers.getByRole('listitem').filter({ hasText: job?.container ?? '' })).toBeVisible();
  await lab.job.button('Stop crash.ipynb').click();
  await lab.job.becomes('stopped');
  expect(docker(['ps', '-aq', '--filter', `name=${job?.container}`])).toBe('');
});
