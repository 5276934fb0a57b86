/** From what was asked for to a job: the notebook saved, the settings' choices added, the secrets asked for. */

import { readPlan, rerunJob, startJob } from '../api/jobs';
import type { Secrets } from '../api/jobs';
import type { IChoices, IJob, IJobRequest, IPlanRequest } from '../api/types';
import { readChoices } from '../plan/choices';
import type { Notebooks } from './notebooks';
import { planRequestOf } from './notebooks';

export interface ILaunchParts {
  notebooks: Notebooks;
  /** The engine of the settings; empty is the server's own. */
  engine: () => string;
  /** The choices of the settings and of this browser for a notebook that has chosen `metadata` itself. */
  optionsFor: (path: string, metadata: unknown) => Promise<IChoices>;
  /** Values that the user chose for a notebook's parameters: an image has none, so they are of runs alone. */
  parameters: (path: string) => string[];
  /** Ask the user for these values; null where they give up. */
  askSecrets: (names: readonly string[]) => Promise<Secrets | null>;
}

export class Launch {
  constructor(private readonly parts: ILaunchParts) {}

  /** Start the job; null where the user gave up. Throws what the server or the notebook's saving says. */
  async start(request: IJobRequest): Promise<IJob | null> {
    if (request.notebook === undefined) {
      return startJob({ ...this.onEngine(request), secrets: {} });
    }
    const plan = await this.prepare(request.notebook);
    const isRun = request.verb === 'run';
    const secrets = isRun ? await this.ask(await this.missing(plan)) : {};
    const parameters = isRun ? this.parts.parameters(request.notebook) : [];
    const options = { ...plan.options, ...(parameters.length > 0 && { parameters }), ...request.options };
    return secrets && startJob({ ...request, ...plan, options, secrets });
  }

  /** Start a job that asks for the same; null where the user gave up. */
  async rerun(job: IJob): Promise<IJob | null> {
    if (job.notebook) {
      await this.parts.notebooks.save(job.notebook);
    }
    const secrets = await this.ask(job.secret_names);
    return secrets && rerunJob(job.id, secrets);
  }

  /** The job of an image, on the engine that has it. */
  private onEngine(request: IJobRequest): IJobRequest {
    const engine = this.parts.engine();
    return { ...request, options: { ...(engine && { engine }), ...request.options } };
  }

  /** Save the notebook; returns the question about its plan, which is the panel's: of two, one would be refused. */
  private async prepare(path: string): Promise<IPlanRequest> {
    const { notebooks, optionsFor } = this.parts;
    await notebooks.save(path);
    const options = await optionsFor(path, await notebooks.choices(path));
    return planRequestOf(path, options, notebooks.find(path));
  }

  /** The variables that a run is to hand on and that have no value on the server. */
  private async missing(request: IPlanRequest): Promise<string[]> {
    const { env } = readChoices(await this.parts.notebooks.choices(request.notebook));
    // The plan takes a while, so it is only asked where there may be something to ask for.
    if (!env.some(variable => !variable.includes('='))) {
      return [];
    }
    const plan = await readPlan(request);
    return plan.env.filter(variable => !variable.is_set).map(variable => variable.name);
  }

  private ask(names: readonly string[]): Promise<Secrets | null> {
    return names.length > 0 ? this.parts.askSecrets(names) : Promise.resolve({});
  }
}
