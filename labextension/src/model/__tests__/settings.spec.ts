import { readFileSync } from 'fs';
import { join } from 'path';

import type { ISettings } from '../settings';
import { DEFAULT_SETTINGS, optionsFor, readSettings } from '../settings';

const SCHEMA = JSON.parse(readFileSync(join(__dirname, '../../../schema/plugin.json'), 'utf-8')) as {
  properties: Record<string, { title?: string; description?: string; default: unknown }>;
};

const SETTINGS: ISettings = {
  button: 'run',
  engine: 'desktop-linux',
  base: 'python:3.12-slim',
  mounts: ['./data:/data:ro', '/srv/models:/models'],
  memory: '2g',
  cpus: 2
};

test('the schema has the defaults that hold without it, and describes each', () => {
  const values = Object.entries(SCHEMA.properties).map(([key, property]) => [key, property.default]);
  expect(Object.fromEntries(values)).toEqual(DEFAULT_SETTINGS);
  for (const property of Object.values(SCHEMA.properties)) {
    expect(property.title).toBeTruthy();
    expect(property.description).toBeTruthy();
  }
});

test('settings that are not there have their defaults', () => {
  expect(readSettings({ base: 'debian:12' })).toEqual({ ...DEFAULT_SETTINGS, base: 'debian:12' });
});

test('nothing is asked for where nothing is set', () => {
  expect(optionsFor(DEFAULT_SETTINGS, undefined, [])).toEqual({});
});

test('settings are asked for where the notebook says nothing', () => {
  expect(optionsFor(SETTINGS, { env: ['A=1'] }, [])).toEqual({
    engine: 'desktop-linux',
    base: 'python:3.12-slim',
    memory: '2g',
    cpus: 2,
    mounts: ['./data:/data:ro', '/srv/models:/models']
  });
});

test("the notebook's own choices win", () => {
  const metadata = { base: 'python:3.13', memory: '512m', cpus: 1, mounts: ['./mine:/data'] };
  expect(optionsFor(SETTINGS, metadata, [])).toEqual({ engine: 'desktop-linux', mounts: ['/srv/models:/models'] });
});

test("this browser's mounts are asked for, and win over the settings'", () => {
  expect(optionsFor(SETTINGS, {}, ['/mnt/big:/models:ro']).mounts).toEqual(['./data:/data:ro', '/mnt/big:/models:ro']);
});
