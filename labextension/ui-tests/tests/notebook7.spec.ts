import { expect, test } from '../lab/fixtures';
import { Job } from '../lab/job';
import { PANEL_ID } from '../lab/lab';

test('in Notebook 7 one click opens the panel and shows the first log line', async ({ context, lab }) => {
  const page = await context.newPage();
  await page.goto(`/notebooks/${lab.write('seven', ["print('Hello from Notebook 7')"])}`);
  await page.getByRole('button', { name: 'Containerize' }).click();
  const job = new Job(page.locator(`#${PANEL_ID} .jp-Containerize-jobItem`));
  await job.prints(['Hello from Notebook 7']);
  await job.becomes('done');
  await job.button('Open the log beside the notebook').click();
  const log = new Job(page.locator('.jp-Containerize-page'));
  await log.prints(['Hello from Notebook 7']);
  await expect(page.locator('.jp-NotebookPanel')).toBeVisible();
});
