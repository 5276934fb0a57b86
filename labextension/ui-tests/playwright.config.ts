import path from 'node:path';

import { defineConfig } from '@playwright/test';

import { clear, launchOf, MAIN, RESULTS, rootOf, urlOf } from './lab/server';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const { command, env } = launchOf(MAIN);

// Each worker reads this file too; the folders are made anew by the first process alone.
if (process.env.TEST_WORKER_INDEX === undefined) {
  clear(MAIN);
}

export default defineConfig({
  testDir: 'tests',
  outputDir: path.join(RESULTS, 'artifacts'),
  reporter: [['list']],
  forbidOnly: Boolean(process.env.CI),
  workers: 1,
  retries: 1, // as pytest does; the report names what was flaky
  timeout: 180_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: urlOf(MAIN),
    viewport: { width: 1280, height: 900 },
    actionTimeout: 60_000,
    trace: 'retain-on-failure',
    video: 'off',
    launchOptions: {
      executablePath: CHROMIUM,
      // Chromium stays off the network, and draws the same everywhere.
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--force-color-profile=srgb'
      ]
    }
  },
  webServer: {
    command: command.join(' '),
    cwd: rootOf(MAIN),
    env,
    url: `${urlOf(MAIN)}/api/status`,
    reuseExistingServer: false,
    timeout: 120_000,
    stdout: 'ignore',
    stderr: 'ignore'
  }
});
