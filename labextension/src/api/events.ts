/** What a job says as it goes: jupyter_docker/values/events.py, event by event. */

import type { IFix } from './types';

interface IEventBase {
  v: number;
  seq: number;
}

interface IStepEvent extends IEventBase {
  step: string;
}

export interface IStepStarted extends IStepEvent {
  type: 'StepStarted';
  title: string;
  outputs: string[];
}

export interface IStepFinished extends IStepEvent {
  type: 'StepFinished';
  summary: string;
  seconds: number;
}

/** One item inside a step; a later one with the same `item` replaces it. */
export interface IProgress extends IStepEvent {
  type: 'Progress';
  item: string;
  label: string;
  current: number | null;
  total: number | null;
  unit: 'bytes' | 'items';
  done: boolean;
  cached: boolean;
}

/** Text as it was printed: any number of lines, or a part of one. */
export interface ILog extends IStepEvent {
  type: 'Log';
  text: string;
  stream: 'stdout' | 'stderr';
}

export interface IWarned extends IStepEvent {
  type: 'Warned';
  message: string;
  hint: string;
  /** None in what version 1 wrote. */
  fixes?: IFix[];
}

export interface IFinished extends IEventBase {
  type: 'Finished';
  summary: string;
  facts: Record<string, string>;
  exit_code: number;
}

export interface IFailed extends IEventBase {
  type: 'Failed';
  error: string;
  message: string;
  hint: string;
  exit_code: number;
  cell: number | null;
  line: number | null;
  facts: Record<string, string>;
  /** Whether the message names the cell and line. */
  is_located?: boolean;
  /** None in what version 1 wrote. */
  fixes?: IFix[];
}

export type Event = IStepStarted | IStepFinished | IProgress | ILog | IWarned | IFinished | IFailed;
