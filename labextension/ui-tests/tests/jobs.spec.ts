import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Browser } from '@playwright/test';

import { docker } from '../lab/engine';
import { expect, test } from '../lab/fixtures';
import { Job } from '../lab/job';
import { PANEL_ID } from '../lab/lab';
import { urlOf } from '../lab/server';

const COUNTING = ['import time\nfor number in range(600):\n    print(number, flush=True)\n    time.sleep(0.5)'];

/** The newest job in the panel of another browser. */
async function elsewhere(browser: Browser, server: string, notebook: string): Promise<Job> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server}/lab/workspaces/second/tree/${notebook}?reset`);
  await page.locator('.jp-NotebookPanel').waitFor();
  await page.getByRole('tab', { name: 'Containers', exact: true }).click();
  return new Job(page.locator(`#${PANEL_ID} .jp-Containerize-jobItem`).first());
}

test('a stopped job says so and leaves no container', async ({ api, lab, openNotebook }) => {
  await openNotebook('stopped', COUNTING);
  await lab.button.click();
  await expect.poll(async () => (await lab.job.lines()).slice(0, 2)).toEqual(['0', '1']);
  await lab.job.button('Stop stopped.ipynb').click();
  await lab.job.becomes('stopped');
  const [job] = await api.jobs();
  expect(job?.state).toBe('cancelled');
  expect(docker(['ps', '-aq', '--filter', `name=${job?.container}`])).toBe('');
});

test('a failed job names the cell, and a click selects it', async ({ lab, openNotebook, page }) => {
  await openNotebook('broken', ["print('fine')", '', 'half = 1\nhalf / 0', "print('never')"]);
  await lab.button.click();
  await lab.job.becomes('failed');
  await lab.job.shows(['fine', 'ZeroDivisionError: division by zero']);
  expect(await lab.job.fact('exit status')).toBe('1');
  await lab.cell(0).click();
  await lab.job.button('Go to cell 2, line 2').click();
  await expect(lab.cell(2)).toHaveClass(/jp-mod-active/);
  await expect(page.locator('.jp-Notebook .jp-mod-active')).toHaveCount(1);
});

test('a button adds what a hint says, and the next run goes through', async ({ lab, openNotebook }) => {
  const results = lab.makeFolder('results');
  await openNotebook('code/hinted', ["with open('../results/word', 'w') as file:\n    file.write('kept')"]);
  await lab.button.click();
  await lab.job.becomes('failed');
  await lab.job.button('Mount ../results at /results, writable').click();
  await expect(lab.job.root).toContainText('../results:/results is added: build and run again.');
  await lab.button.click();
  await expect(lab.jobs).toHaveCount(2);
  await lab.job.becomes('done');
  expect(readFileSync(path.join(results, 'word'), 'utf8')).toBe('kept');
});

test('a reload keeps the job and its log, and a second browser shows and stops the same', async ({
  browser,
  lab,
  openNotebook,
  page,
  place
}) => {
  const notebook = await openNotebook('kept', COUNTING);
  await lab.button.click();
  await expect.poll(async () => (await lab.job.lines()).length, { timeout: 150_000 }).toBeGreaterThan(3);
  await page.reload();
  await expect(lab.panel).toBeVisible();
  await expect(lab.jobs).toHaveCount(1);
  await lab.job.open();
  await expect.poll(async () => (await lab.job.lines()).length).toBeGreaterThan(8);
  const lines = await lab.job.lines();
  expect(lines).toEqual(lines.map((_, index) => String(index)));

  const job = await elsewhere(browser, urlOf(place), notebook);
  await job.becomes('running');
  await job.open();
  await expect.poll(async () => (await job.lines()).slice(0, 3)).toEqual(['0', '1', '2']);
  await job.button('Stop kept.ipynb').click();
  await job.becomes('stopped');
  await expect(lab.job.state).toHaveAccessibleName('stopped', { timeout: 1_000 });
  await job.root.page().context().close();
});

test('a job can be done again, and forgotten', async ({ lab, openNotebook }) => {
  await openNotebook('again', ["print('once more')"]);
  await lab.button.click();
  await lab.job.becomes('done');
  await lab.job.button('Do the same again: again.ipynb').click();
  await expect(lab.jobs).toHaveCount(2);
  await lab.job.prints(['once more']);
  await lab.job.becomes('done');
  await lab.job.button(/^Forget this job/).click();
  await expect(lab.jobs).toHaveCount(1);
});

test('a long job that ends while the panel is away is told of', async ({ lab, openNotebook, page }) => {
  await openNotebook('long', ["import time\ntime.sleep(6)\nraise ValueError('no luck')"]);
  await lab.button.click();
  await page.getByRole('tab', { name: /^File Browser/ }).click();
  const toast = page.locator('.Toastify__toast').filter({ hasText: 'long.ipynb' });
  await expect(toast).toContainText('ValueError: no luck', { timeout: 150_000 });
  await toast.getByRole('button', { name: 'Open log' }).click();
  const log = new Job(page.locator('.jp-Containerize-page').filter({ visible: true }));
  await log.becomes('failed');
  await expect(page.getByRole('tab', { name: 'Log of long.ipynb' })).toBeVisible();
  await log.shows(['ValueError: no luck']);
});

test('the keyboard alone runs a notebook and reads its log', async ({ lab, openNotebook, page }) => {
  await openNotebook('keys', ["print('by hand')"]);
  await lab.openPanel();
  await lab.panel.getByRole('button', { name: 'Build and run' }).focus();
  await page.keyboard.press('Enter');
  await lab.job.prints(['by hand']);
  await lab.job.becomes('done');
  // From the heading of the job to its log in the order that a reader expects.
  await lab.job.root.locator('.jp-Containerize-jobButton').focus();
  const names: string[] = [];
  for (let step = 0; step < 12 && names.at(-1) !== 'Log'; step++) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''));
  }
  expect(names.at(-1)).toBe('Log');
});
