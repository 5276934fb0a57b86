import { expect, test } from '../lab/fixtures';
import { watchLongTasks } from '../lab/longtasks';
import { Proxy } from '../lab/proxy';
import { MAIN } from '../lab/server';

const FAR = { ...MAIN, port: MAIN.port + 2 };
const THIRTY = ['import time\nfor number in range(30):\n    print(number, flush=True)\n    time.sleep(0.5)'];
const MANY = ['for number in range(100_000):\n    print("line", number)'];

const network = new Proxy(FAR.port, { host: '127.0.0.1', port: MAIN.port });

// Snapshots for a trace, and galata's own watch over kernels, would be in the way of what is looked at here.
test.use({ place: FAR, trace: 'off', kernels: null, sessions: null, terminals: null });

test.beforeAll(async () => {
  await network.open();
});

test.afterAll(async () => {
  await network.close();
});

test('no line is lost or doubled where the connection was away for ten seconds', async ({
  lab,
  openNotebook,
  page
}) => {
  await openNotebook('thirty', THIRTY);
  await lab.button.click();
  await expect.poll(() => lab.job.lines()).toContain('5');
  await network.close();
  await expect(lab.job.root).toContainText('The connection was lost. The job goes on');
  await page.waitForTimeout(10_000);
  expect(await lab.job.lines()).not.toContain('15');
  await network.open();
  await lab.job.prints(Array.from({ length: 30 }, (_, number) => String(number)));
  await lab.job.becomes('done');
  await expect(lab.job.root).not.toContainText('The connection was lost');
});

test('a hundred thousand lines hold up no click, and all are there on request', async ({
  api,
  lab,
  openNotebook,
  page
}) => {
  await openNotebook('many', MANY);
  const longestTask = await watchLongTasks(page);
  await lab.button.click();
  // Little is asked of the page meanwhile, since answering would be a long task too.
  await expect.poll(async () => (await api.jobs())[0]?.state).toBe('succeeded');
  await expect.poll(async () => (await lab.job.lines()).at(-1)).toBe('line 99999');
  await lab.job.close();
  await lab.job.open();
  await expect.poll(async () => (await lab.job.lines()).at(-1)).toBe('line 99999');
  expect(await longestTask()).toBeLessThan(200);

  const shown = (await lab.job.lines()).length;
  expect(shown).toBeLessThan(6_000);
  const rest = lab.job.root.getByRole('link', { name: `${100_001 - shown} earlier lines: open the whole log` });
  const opened = page.waitForEvent('popup');
  await rest.click();
  const whole = await (await opened).locator('body').innerText();
  expect(whole.split('\n').filter(line => line.startsWith('line '))).toHaveLength(100_000);
});
