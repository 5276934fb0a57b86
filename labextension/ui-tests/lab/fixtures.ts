/** galata's `test` with the extension's panel, and nothing left behind by any test. */

import { galata, test as base } from '@jupyterlab/galata';

import { expect } from '@playwright/test';

import { Api } from './api';
import { Lab, notebookIsReady } from './lab';
import type { IServerPlace } from './server';
import { MAIN, rootOf, urlOf } from './server';

interface IFixtures {
  /** The server that the test is on. */
  place: IServerPlace;
  lab: Lab;
  api: Api;
  /** Open a notebook of these code cells; returns its path. */
  openNotebook: (name: string, cells: readonly string[], metadata?: Record<string, unknown>) => Promise<string>;
}

export const SETTINGS = {
  ...galata.DEFAULT_SETTINGS,
  '@jupyterlab/docmanager-extension:plugin': { autosave: false },
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false }
};

export const test = base.extend<IFixtures>({
  place: [MAIN, { option: true }],
  baseURL: async ({ place }, use) => {
    await use(urlOf(place));
  },
  autoGoto: false,
  mockSettings: SETTINGS,
  waitForApplication: async ({}, use) => {
    await use(notebookIsReady);
  },
  lab: async ({ page, place, tmpPath }, use) => {
    const faults: Error[] = [];
    page.on('pageerror', fault => faults.push(fault));
    await use(new Lab(page, rootOf(place), tmpPath));
    expect(faults.filter(({ stack }) => stack?.includes('jupyter-containerize'))).toEqual([]);
  },
  api: [
    async ({ place, request }, use) => {
      const api = new Api(request, urlOf(place));
      await use(api);
      await api.clear();
    },
    { auto: true }
  ],
  openNotebook: async ({ lab }, use) => {
    await use(async (name, cells, metadata) => {
      const notebook = lab.write(name, cells, metadata);
      await lab.goto(notebook);
      return notebook;
    });
  }
});

export { expect };
