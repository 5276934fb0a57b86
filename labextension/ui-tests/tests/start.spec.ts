import { readFileSync } from 'node:fs';

import { expect, test } from '../lab/fixtures';

test('one click on the toolbar button shows the first log line, then the result', async ({ lab, openNotebook }) => {
  await openNotebook('hello', ["print('Hello from the container')"]);
  await lab.button.click();
  await lab.job.prints(['Hello from the container']);
  await lab.job.becomes('done');
  await expect(lab.jobs).toHaveCount(1);
  await lab.job.unfoldSteps();
  await expect(lab.job.steps).toHaveText([/^Exporting hello\.ipynb/, /^Freezing /, /^Building /, /^Running /]);
  await expect(lab.job.root.locator('.jp-Containerize-done')).toHaveText("'hello.ipynb' ran in its container.");
  expect(await lab.job.fact('exit status')).toBe('0');
});

test('changes are saved before the job', async ({ lab, openNotebook }) => {
  const notebook = await openNotebook('changed', ["print('old')"]);
  await lab.type(0, "print('new')");
  await lab.button.click();
  await lab.job.prints(['new']);
  expect(readFileSync(lab.file(notebook), 'utf8')).toContain("print('new')");
});

test('the command palette builds without running, and tells where the image is', async ({
  lab,
  openNotebook,
  page
}) => {
  await openNotebook('palette', ["print('never')"]);
  await page.keyboard.press('ControlOrMeta+Shift+c');
  await page.keyboard.type('Build Image');
  await page.getByRole('dialog').or(page.locator('.lm-CommandPalette')).getByText('Build Image').click();
  await lab.job.becomes('done');
  await lab.job.unfoldSteps();
  await expect(lab.job.steps.last()).toHaveText(/^Building /);
  expect(await lab.job.fact('image')).toContain('palette');
});

test('a click in the file browser containerizes a notebook that is not open', async ({ lab, openNotebook, page }) => {
  await openNotebook('open', ["print('the open one')"]);
  lab.write('closed', ["print('the closed one')"]);
  await page.filebrowser.refresh();
  await page.getByRole('listitem', { name: /closed\.ipynb/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Containerize', exact: true }).click();
  await lab.job.prints(['the closed one']);
});

test('exporting from the file browser writes a Dockerfile beside the notebook', async ({ lab, openNotebook, page }) => {
  const notebook = await openNotebook('exported', ["print('hi')"]);
  await page.getByRole('listitem', { name: /exported\.ipynb/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export Dockerfile…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox')).toHaveValue('exported-container');
  await dialog.getByRole('button', { name: 'Export' }).click();
  await lab.job.becomes('done');
  const folder = lab.file(notebook).replace('exported.ipynb', 'exported-container');
  expect(readFileSync(`${folder}/Dockerfile`, 'utf8')).toMatch(/^# syntax=|^#|^FROM /);
  await lab.job.root.getByRole('button', { name: /exported-container/ }).click();
  await expect(page.getByRole('listitem', { name: /Dockerfile/ })).toBeVisible();
});
