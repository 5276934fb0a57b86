/** An image registry on the loopback, where engines take one without a certificate. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from './ports';

/** Where `.ci/engine` unpacks its programs. */
const PROGRAMS = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
  'jupyter-containerize/engine/usr/bin'
);

export class Registry {
  private constructor(
    /** HOST:PORT */
    readonly address: string,
    readonly end: () => Promise<void>
  ) {}

  static async start(): Promise<Registry> {
    const folder = mkdtempSync(path.join(tmpdir(), 'registry-'));
    const address = `127.0.0.1:${await freePort()}`;
    const storage = { filesystem: { rootdirectory: path.join(folder, 'data') } };
    writeFileSync(
      path.join(folder, 'config.yml'),
      JSON.stringify({ version: '0.1', storage, http: { addr: address } })
    );
    mkdirSync(path.join(folder, 'data'));
    const program = spawn('docker-registry', ['serve', path.join(folder, 'config.yml')], {
      env: { ...process.env, PATH: `${PROGRAMS}:${process.env.PATH}` },
      stdio: 'ignore'
    });
    const registry = new Registry(address, async () => {
      program.kill();
      await once(program, 'exit');
      rmSync(folder, { recursive: true });
    });
    while (!(await registry.answers())) {
      await sleep(100);
    }
    return registry;
  }

  /** The tags that it has of an image. */
  async tags(image: string): Promise<string[]> {
    const answer = await fetch(`http://${this.address}/v2/${image}/tags/list`);
    return answer.ok ? ((await answer.json()) as { tags: string[] }).tags : [];
  }

  private async answers(): Promise<boolean> {
    return fetch(`http://${this.address}/v2/`).then(
      answer => answer.ok,
      () => false
    );
  }
}
