import { execFileSync } from 'node:child_process';

import { docker, SpareEngine } from '../lab/engine';
import { expect, test } from '../lab/fixtures';
import { Registry } from '../lab/registry';
import { launchOf, MAIN, PYTHON } from '../lab/server';

// What Python prints, for the user that the server has.
function python(code: string, ...words: string[]): string {
  const env = { ...process.env, ...launchOf(MAIN).env };
  return execFileSync(PYTHON, ['-c', code, ...words], { encoding: 'utf8', env }).trim();
}

// As a run in the background makes it.
function labels(): string[] {
  const user = python('from jupyter_docker.engine.connection.identity import user_id; print(user_id())');
  return ['role=detached', 'version=1', 'notebook=listed.ipynb', `user=${user}`].flatMap(label => [
    '--label',
    `jupyter-containerize.${label}`
  ]);
}
// Of this run alone, so that its image is the newest.
const NAME = `listed-${Date.now()}`;

let registry: Registry;

test.beforeAll(async () => {
  registry = await Registry.start();
});

test.afterAll(async () => {
  docker(['rm', '--force', NAME]);
  await registry.end();
});

test('images and containers made here are looked into, run, pushed, stopped and removed', async ({
  lab,
  openNotebook,
  page
}) => {
  await openNotebook('listed', [`print('${NAME}')`]);
  await lab.button.click();
  await lab.job.becomes('done');
  const reference = await lab.job.fact('image');
  const image = (await lab.section('Images')).getByRole('listitem').filter({ hasText: reference });
  await expect(image).toHaveText(/\d MB · (now|.* ago) · linux\/\w+ · listed\.ipynb$/);
  await image.getByRole('button', { name: /^Run .*listed\.ipynb$/ }).click();
  await expect(lab.jobs).toHaveCount(2);
  await lab.job.prints([NAME]);

  const command = ['sh', '-c', 'echo from the container; sleep 600'];
  docker(['run', '--detach', '--init', '--name', NAME, ...labels(), reference, ...command]);
  const container = (await lab.section('Containers')).getByRole('listitem').filter({ hasText: NAME });
  await expect(container).toHaveText(/Up .* · listed\.ipynb$/);
  await expect(image).toContainText(`used by ${NAME}`);
  await expect(image.getByRole('button', { name: 'A container uses it: remove that first' })).toBeDisabled();
  await container.getByRole('button', { name: `Log of ${NAME}` }).click();
  const log = page.locator('.jp-Containerize-page').filter({ visible: true });
  await expect(log.locator('.jp-Containerize-logText')).toHaveText('from the container\n');

  await container.getByRole('button', { name: `Shell in ${NAME}` }).click();
  await expect.poll(() => docker(['top', NAME])).toContain('bash');
  await page.locator('.jp-Terminal').click();
  await page.keyboard.type('echo typed here > /tmp/typed\n');
  await expect.poll(() => docker(['exec', NAME, 'sh', '-c', 'cat /tmp/typed || true'])).toBe('typed here');

  await container.getByRole('button', { name: `Stop ${NAME}` }).click();
  await expect(container).toHaveText(/Exited .* · listed\.ipynb$/);
  await container.getByRole('button', { name: `Remove ${NAME}…` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(container).toHaveCount(0);
  expect(docker(['ps', '-aq', '--filter', `name=${NAME}`])).toBe('');

  await image.getByRole('button', { name: `Push ${reference} to a registry…` }).click();
  const target = page.getByRole('dialog').getByRole('textbox');
  await expect(target).toHaveValue(reference);
  await target.fill(`${registry.address}/listed:first`);
  await page.getByRole('dialog').getByRole('button', { name: 'Push' }).click();
  await expect(lab.jobs).toHaveCount(3);
  await lab.job.becomes('done');
  expect(await registry.tags('listed')).toEqual(['first']);
  docker(['rmi', `${registry.address}/listed:first`]);

  await image.getByRole('button', { name: `Remove ${reference}…` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(image).toHaveCount(0);
  expect(docker(['images', '--quiet', reference])).toBe('');
});

test.describe('with another engine', () => {
  let engine: SpareEngine;

  test.beforeAll(async () => {
    engine = await SpareEngine.start();
    const base = docker(['images', '--format', '{{.Repository}}:{{.Tag}}'], engine.url);
    const run = (...words: string[]): string => docker(['run', '--network', 'none', ...labels(), ...words], engine.url);
    run('--name', 'over', base, 'sh', '-c', 'head -c 3000000 /dev/urandom > /blob');
    const made = docker(['commit', '--change', 'LABEL jupyter-containerize.version=1', 'over', 'unused:1'], engine.url);
    const record = 'import sys; from jupyter_docker.engine.images.ownership import record_own; record_own(sys.argv[1])';
    python(record, made);
    run('--name', 'busy', '--detach', '--init', base, 'sh', '-c', 'echo from far away; sleep 600');
  });

  test.afterAll(async () => {
    await engine.end();
  });

  test('the settings lead to it, and what nobody uses there is freed', async ({ lab, openNotebook, page }) => {
    await openNotebook('elsewhere', []);
    await lab.openPanel();
    const containers = (await lab.section('Containers')).getByRole('listitem');
    await lab.set('engine', engine.context);
    await expect(containers).toHaveText([/^busy.*Up /, /^over.*Exited/]);
    await expect((await lab.section('Images')).getByRole('listitem')).toHaveText([/^unused:1/]);
    await containers.getByRole('button', { name: 'Log of busy' }).click();
    const log = page.locator('.jp-Containerize-page').filter({ visible: true });
    await expect(log.locator('.jp-Containerize-logText')).toHaveText('from far away\n');

    const disk = await lab.section('Disk space');
    await expect(disk).toContainText('Can be freed: 1 ended container, 1 unused image: at least 6 MB');
    await expect(disk.getByRole('listitem')).toHaveText([
      'overended container, 3.0 MB',
      'unused:1unused image, 3.0 MB'
    ]);
    const dialog = page.getByRole('dialog');
    await disk.getByRole('button', { name: 'Free…' }).click();
    await expect(dialog.getByRole('listitem')).toHaveText([/^over/, /^unused:1/]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(docker(['images', '--quiet', 'unused'], engine.url)).not.toBe('');
    await disk.getByRole('button', { name: 'Free…' }).click();
    await dialog.getByRole('button', { name: 'Free', exact: true }).click();
    await expect(disk.getByRole('status')).toHaveText('2 removed.');
    await expect(disk).toContainText('There is nothing to free');
    await expect(containers).toHaveText([/^busy/]);
    expect(docker(['ps', '--all', '--format', '{{.Names}}'], engine.url)).toBe('busy');
    expect(docker(['images', '--quiet', 'unused'], engine.url)).toBe('');
  });
});
