/** The steps of a job, as its events tell them. */

import type { Event, IProgress, IWarning } from '../api/types';

export interface IStep {
  name: string;
  title: string;
  state: 'running' | 'done' | 'failed';
  summary: string;
  seconds: number | null;
  /** By `item`; a later one has replaced those before it. */
  items: Map<string, IProgress>;
}

export class Steps {
  readonly list: IStep[] = [];
  /** Of all steps, and of what was before the first. */
  readonly warnings: IWarning[] = [];

  /** The last step of that name. */
  find(name: string): IStep | undefined {
    return this.list.filter(step => step.name === name).at(-1);
  }

  /** Take the next event in. */
  add(event: Event): void {
    switch (event.type) {
      case 'StepStarted':
        this.list.push(newStep(event.step, event.title));
        break;
      case 'StepFinished':
        Object.assign(this.open(event.step), { state: 'done', summary: event.summary, seconds: event.seconds });
        break;
      case 'Progress':
        this.open(event.step).items.set(event.item, event);
        break;
      case 'Warned':
        this.warnings.push({ message: event.message, hint: event.hint, fixes: event.fixes ?? [] });
        break;
      case 'Failed':
        this.stop();
        break;
      default:
        break;
    }
  }

  /** Nothing goes on any more: what was running has failed. */
  stop(): void {
    for (const step of this.list) {
      if (step.state === 'running') {
        step.state = 'failed';
      }
    }
  }

  /** The step; one without a start makes itself known. */
  private open(name: string): IStep {
    let step = this.find(name);
    if (!step) {
      step = newStep(name, '');
      this.list.push(step);
    }
    return step;
  }
}

function newStep(name: string, title: string): IStep {
  return { name, title, state: 'running', summary: '', seconds: null, items: new Map() };
}
