import { expect, test } from '../lab/fixtures';

const HOSTILE = [
  'from IPython.display import HTML, display\n' +
    'display(HTML(\'<p>told</p><script>parent.document.title = "taken"; top.window.taken = true</script>\'))'
];

test('the report of a run cell by cell opens from its card, and runs no script', async ({
  lab,
  openNotebook,
  page
}) => {
  await openNotebook('told', HOSTILE);
  await lab.openPanel();
  await lab.panel.getByRole('button', { name: 'Cell by cell' }).click();
  await lab.job.becomes('done');
  await lab.job.button('told.executed.html').click();
  const frame = page.locator('.jp-HTMLViewer iframe');
  await expect(frame.contentFrame().getByText('told', { exact: true })).toBeVisible();
  expect((await frame.getAttribute('sandbox')) ?? 'none').not.toContain('allow-scripts');
  expect(await page.evaluate(() => [document.title === 'taken', 'taken' in window])).toEqual([false, false]);
});
