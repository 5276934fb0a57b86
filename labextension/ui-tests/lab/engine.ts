/** Engines for the tests: this machine's, which other programs use too, and one of their own. */

import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { PYTHON, REPOSITORY } from './server';

/** The socket of this machine's engine. */
export function engineSocket(): string {
  const format = '{{.Endpoints.docker.Host}}';
  const url = process.env.DOCKER_HOST ?? docker(['context', 'inspect', '--format', format]);
  return url.replace('unix://', '');
}

/** What the docker command prints. */
export function docker(words: readonly string[], engine?: string): string {
  const env = engine === undefined ? process.env : { ...process.env, DOCKER_HOST: engine };
  return execFileSync('docker', words, { encoding: 'utf8', env, stdio: 'pipe' }).trim();
}

/** An engine that has the base image and nothing else. */
export class SpareEngine {
  /** `context` is the Docker context by which the server knows it: it takes no address that nobody configured. */
  private constructor(
    readonly url: string,
    readonly context: string,
    private readonly process: ChildProcess
  ) {}

  static async start(): Promise<SpareEngine> {
    const script = path.resolve(__dirname, '../spare_engine.py');
    const python = spawn(PYTHON, [script], {
      cwd: REPOSITORY,
      env: { ...process.env, PYTHONPATH: REPOSITORY },
      stdio: ['pipe', 'pipe', 'inherit']
    });
    for await (const line of createInterface(python.stdout)) {
      if (line.startsWith('unix://')) {
        const context = `spare-${process.pid}`;
        docker(['context', 'create', context, '--docker', `host=${line}`]);
        return new SpareEngine(line, context, python);
      }
    }
    throw new Error('The spare engine did not start');
  }

  async end(): Promise<void> {
    docker(['context', 'rm', this.context]);
    this.process.stdin?.end();
    await once(this.process, 'exit');
  }
}
