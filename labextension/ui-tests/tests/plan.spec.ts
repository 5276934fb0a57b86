import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { docker } from '../lab/engine';
import { expect, test } from '../lab/fixtures';
import type { Lab } from '../lab/lab';
import { readNotebook } from '../lab/notebook';
import { freePort } from '../lab/ports';
import { RESULTS, rootOf } from '../lab/server';

const SECRET = 'open sesame';
const CELLS = [
  `import shutil, subprocess
if shutil.which('git'):
    subprocess.run(['git', '--version'])
else:
    print('no git')`,
  "import yaml\nprint(yaml.safe_load('answer: 42'))",
  `import os
from importlib.util import find_spec
from pathlib import Path
print(os.environ['GREETING'], os.environ['TOKEN'][::-1])
print('added:', find_spec(os.environ['WANTED']) is not None)
rates = Path(os.environ['RATES'])
print(rates.read_text())
try:
    rates.write_text('changed')
except OSError as error:
    print(error.strerror)`,
  `from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'from the container')
        self.server.shutdown()
    def log_message(self, *_):
        pass
ThreadingHTTPServer(('', 8000), Page).serve_forever()`
];
const PRINTED = ['no git', "{'answer': 42}", 'hello emases nepo', 'added: True', '1.08', 'Read-only file system'];

/** Add a variable in the plan; null is a secret's value. */
async function addVariable(lab: Lab, name: string, value: string | null): Promise<void> {
  const part = await lab.fold(/^Environment variables/);
  await part.getByRole('textbox', { name: 'Name of the variable' }).fill(name);
  if (value === null) {
    await part.getByRole('checkbox', { name: /^Secret/ }).check();
  } else {
    await part.getByRole('textbox', { name: 'Value of the variable' }).fill(value);
  }
  await part.getByRole('button', { name: 'Add the variable' }).click();
}

/** Mount the folder beside the notebook, chosen in the dialog, read-only. */
async function mountFolder(lab: Lab, name: string, target: string): Promise<void> {
  const part = await lab.fold(/^Data and mounts/);
  await part.getByRole('button', { name: 'Mount a folder…' }).click();
  const dialog = lab.page.getByRole('dialog');
  await dialog.getByRole('listitem', { name: `Name: ${name}` }).click();
  await dialog.getByRole('button', { name: 'Select' }).click();
  await expect(part.getByRole('textbox', { name: 'On this computer' })).toHaveValue(`./${name}`);
  await expect(part.getByRole('textbox', { name: 'In the container' })).toHaveValue(name);
  await expect(part.getByRole('checkbox', { name: 'Read-only' })).toBeChecked();
  await part.getByRole('textbox', { name: 'In the container' }).fill(target);
  await part.getByRole('button', { name: 'Mount', exact: true }).click();
}

/** The files below the folder that have this text in them. */
function holding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .filter(file => readFileSync(file).includes(text));
}

test('the plan tells what is needed and why; what is changed in it is kept, and the next run has it', async ({
  api,
  lab,
  openNotebook,
  page,
  place
}) => {
  const notebook = await openNotebook('planned', CELLS);
  writeFileSync(path.join(lab.makeFolder('inputs'), 'rates.txt'), '1.08');
  await lab.openPanel();

  const packages = (await lab.fold(/^Packages/)).getByRole('list', { name: 'Packages that the notebook needs' });
  await expect(packages.getByRole('listitem')).toHaveText([/^pyyaml \d[\d.]*cell2$/]);
  await packages.getByRole('button', { name: 'Go to cell 2' }).click();
  await expect(lab.cell(1)).toHaveClass(/jp-mod-active/);
  const system = await lab.fold(/^System packages/);
  await expect(system.getByRole('listitem')).toHaveText(/^gitcell 1: subprocess\.run/);
  const dockerfile = (await lab.fold('Dockerfile')).getByRole('group', { name: 'Dockerfile' });
  await expect(dockerfile).toContainText('apt-get install -y --no-install-recommends git');

  const port = await freePort();
  await system.getByRole('button', { name: 'Leave out git' }).click();
  await lab.enter('Packages', 'Package to add', 'packaging');
  await lab.enter('Ports', 'Port to open', `${port}:8000`);
  await lab.enter('Image and limits', 'Memory', '300m');
  await addVariable(lab, 'GREETING', 'hello');
  await addVariable(lab, 'WANTED', 'packaging');
  await addVariable(lab, 'RATES', '/inputs/rates.txt');
  await addVariable(lab, 'TOKEN', null);
  await mountFolder(lab, 'inputs', '/inputs');
  await expect
    .poll(() => readNotebook(lab.file(notebook)).metadata.containerize)
    .toEqual({
      no_apt: ['git'],
      requirements: ['packaging'],
      mounts: ['./inputs:/inputs:ro'],
      env: ['GREETING=hello', 'WANTED=packaging', 'RATES=/inputs/rates.txt', 'TOKEN'],
      ports: [`${port}:8000`],
      memory: '300m'
    });
  await expect(packages.getByRole('listitem')).toHaveText([/^packaging \d/, /^pyyaml \d/]);
  await expect(dockerfile).not.toContainText('apt-get');

  await page.reload();
  await expect((await lab.fold(/^Data and mounts/)).getByRole('listitem')).toHaveText('./inputsat /inputs, read-only');
  const run = lab.panel.getByRole('button', { name: 'Build and run' });
  const dialog = page.getByRole('dialog').filter({ hasText: 'A variable for the container' });
  await run.click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(run).toBeEnabled();
  expect(await api.jobs()).toEqual([]);
  await run.click();
  await dialog.getByLabel('TOKEN').fill(SECRET);
  await dialog.getByRole('button', { name: 'Start' }).click();

  await lab.job.prints(PRINTED);
  const [job] = await api.jobs();
  expect(docker(['inspect', '--format', '{{.HostConfig.Memory}}', job?.container ?? ''])).toBe(`${300 * 2 ** 20}`);
  const opened = page.waitForEvent('popup');
  await lab.job.root.getByRole('link', { name: `http://127.0.0.1:${port}` }).click();
  await expect((await opened).locator('body')).toHaveText('from the container');
  await lab.job.becomes('done');
  await expect(lab.job.root.getByRole('note')).toHaveCount(0);
  expect(holding(path.dirname(rootOf(place)), SECRET)).toEqual([]);
});

test('a notebook that asks to build from source runs once that is allowed with a click', async ({
  api,
  lab,
  openNotebook,
  page
}) => {
  const asked = { allow_build: ['sourced'] };
  const notebook = await openNotebook('asking', ["print('allowed')"], { containerize: asked });
  await lab.openPanel();
  const run = lab.panel.getByRole('button', { name: 'Build and run' });
  await run.click();
  await expect(lab.panel.getByRole('alert')).toContainText("asks to build 'sourced' from source");
  expect(await api.jobs()).toEqual([]);

  const allow = (await lab.section('Plan')).getByRole('button', { name: 'Allow sourced' });
  await expect(allow).toBeVisible();
  await page.screenshot({ path: path.join(RESULTS, 'look', 'allow.png') });
  await allow.click();
  await expect(allow).toHaveCount(0);
  await run.click();
  await lab.job.prints(['allowed']);
  await lab.job.becomes('done');
  expect(readNotebook(lab.file(notebook)).metadata.containerize).toEqual(asked);
});

test('values for parameters are checked in their fields, and runs with them have one image', async ({
  api,
  lab,
  page
}) => {
  const notebook = lab.write('measured', ['year = 2023  # of the table', 'print(year * 2)']);
  const written = readNotebook(lab.file(notebook));
  Object.assign(written.cells[0] ?? {}, { metadata: { tags: ['parameters'] } });
  writeFileSync(lab.file(notebook), JSON.stringify(written));
  await lab.goto(notebook);
  await lab.openPanel();

  const part = await lab.fold(/^Parameters/);
  const field = part.getByRole('textbox', { name: 'year (int)' });
  await expect(field).toHaveAttribute('placeholder', '2023');
  await expect(part.getByText('of the table')).toBeVisible();
  await field.fill('soon');
  await field.press('Enter');
  await expect(part.getByRole('alert')).toContainText("'year'");
  await page.screenshot({ path: path.join(RESULTS, 'look', 'parameter.png') });
  const run = lab.panel.getByRole('button', { name: 'Build and run' });
  for (const [text, printed] of [
    ['1999', '3998'],
    ['2024', '4048']
  ] as const) {
    await field.fill(text);
    await field.press('Enter');
    await expect(part.getByRole('alert')).toHaveCount(0);
    await run.click();
    await expect.poll(async () => (await api.jobs())[0]?.options.parameters).toEqual([`year=${text}`]);
    await lab.job.prints([printed]);
    await lab.job.becomes('done');
  }
  await field.fill('');
  await field.press('Enter');
  await part.getByRole('button', { name: 'Use 2024 for year again' }).click();
  await expect(field).toHaveValue('2024');
  const images = (await api.jobs()).map(job => job.facts.image);
  expect(images).toHaveLength(2);
  expect(new Set(images).size).toBe(1);
  expect(docker(['images', '--quiet', images[0]?.split(':')[0] ?? '']).split('\n')).toHaveLength(1);
});
