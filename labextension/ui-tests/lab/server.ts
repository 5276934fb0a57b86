/** JupyterLab servers with folders of their own, below `results`, and with this machine's engine. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const REPOSITORY = path.resolve(__dirname, '../../..');
const PORT = Number(process.env.UI_TESTS_PORT ?? 18921);

/** Of its own for each port, so that two runs at once leave each other's alone. */
export const RESULTS = path.resolve(__dirname, `../results/${PORT}`);
export const PYTHON = path.join(REPOSITORY, '.venv/bin/python');

const SECONDS_TO_START = 120;

export interface IServerPlace {
  name: string;
  port: number;
}

/** The server of most tests; Playwright starts it. */
export const MAIN: IServerPlace = { name: 'lab', port: PORT };

export function urlOf({ port }: IServerPlace): string {
  return `http://127.0.0.1:${port}`;
}

/** The server's folder of notebooks. */
export function rootOf({ name }: IServerPlace): string {
  return path.join(RESULTS, name, 'root');
}

/** Its command and environment. */
export function launchOf(place: IServerPlace): { command: string[]; env: Record<string, string> } {
  const home = path.join(RESULTS, place.name);
  const config = path.resolve(__dirname, '../jupyter_server_config.py');
  return {
    command: [PYTHON, '-m', 'jupyterlab', `--config=${config}`, `--ServerApp.port=${place.port}`],
    env: {
      UI_TESTS_ROOT: rootOf(place),
      JUPYTER_CONFIG_DIR: path.join(home, 'config'),
      JUPYTER_DATA_DIR: path.join(home, 'data'),
      JUPYTER_RUNTIME_DIR: path.join(home, 'runtime'),
      JUPYTERLAB_SETTINGS_DIR: path.join(home, 'settings'),
      JUPYTERLAB_WORKSPACES_DIR: path.join(home, 'workspaces'),
      IPYTHONDIR: path.join(home, 'ipython'),
      XDG_STATE_HOME: path.join(home, 'state')
    }
  };
}

/** Forget what an earlier server left. */
export function clear(place: IServerPlace): void {
  rmSync(path.join(RESULTS, place.name), { recursive: true, force: true });
  mkdirSync(rootOf(place), { recursive: true });
}

/** A server that a test starts, kills, and starts again on the same port and folders. */
export class OwnServer {
  /** `variables` are of its environment. */
  constructor(
    private readonly place: IServerPlace,
    private readonly variables: Record<string, string> = {}
  ) {
    clear(place);
  }

  async start(): Promise<void> {
    const { command, env } = launchOf(this.place);
    const log = openSync(path.join(RESULTS, this.place.name, 'server.log'), 'a');
    const [program = '', ...words] = command;
    this.process = spawn(program, words, {
      cwd: rootOf(this.place),
      env: { ...process.env, ...env, ...this.variables },
      stdio: ['ignore', log, log]
    });
    for (let tries = 0; tries < SECONDS_TO_START; tries++) {
      if (this.process.exitCode !== null) {
        break;
      }
      if (await this.answers()) {
        return;
      }
      await sleep(1000);
    }
    throw new Error(`The server of '${this.place.name}' did not start: see its server.log`);
  }

  /** End it at once, as a crash does. */
  async kill(): Promise<void> {
    const server = this.process;
    if (server?.exitCode === null && server.signalCode === null) {
      const ended = new Promise(resolve => server.once('exit', resolve));
      server.kill('SIGKILL');
      await ended;
    }
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${urlOf(this.place)}/api/status`)).ok;
    } catch {
      return false;
    }
  }

  private process: ChildProcess | undefined;
}
