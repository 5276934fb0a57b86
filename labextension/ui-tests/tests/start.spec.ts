import { expect, test } from '../lab/fixtures';

test('one click on the toolbar button', async ({ lab, openNotebook, page }) => {
  await openNotebook('hello', ["print('Hello from the container')"]);
  await lab.button.click();
  await expect(lab.panel).toBeVisible();
  await page.screenshot({ path: 'ui-tests/results/screenshots/start.png' });
});
