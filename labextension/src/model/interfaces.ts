/** What the panel's sections use of its model. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';

import type { IChoices, IEngine, IJob, IJobRequest, IPlanRequest } from '../api/types';

/** Each section is a component of these props; it is rendered when `stateChanged` fires. */
export interface ISectionProps {
  model: IPanelModel;
}

export interface IPanelModel {
  readonly trans: TranslationBundle;
  readonly commands: CommandRegistry;

  /** Fires when anything below changes. */
  readonly stateChanged: ISignal<unknown, void>;

  /** The notebook that the panel is about, or null; `choices` is its metadata `containerize`. */
  readonly notebook: NotebookPanel | null;
  /** Fires when it is another notebook, when its content, metadata or kernel changes, and when it is saved. */
  readonly notebookChanged: ISignal<unknown, void>;

  /** The engine's state, or null while it is not known. */
  readonly engine: IEngine | null;
  /** Whether the server answers. */
  readonly isConnected: boolean;

  /** Newest first. */
  readonly jobs: readonly IJob[];
  /** Fires when images or containers may have changed. */
  readonly inventoryChanged: ISignal<unknown, void>;

  /** Mounts of the notebook that its metadata may not hold, "SRC:DST[:ro]"; kept in this browser. */
  readonly outsideMounts: readonly string[];
  setOutsideMounts(mounts: readonly string[]): Promise<void>;

  /** Values for the notebook's parameters, by name; the next runs have them. */
  readonly parameters: ReadonlyMap<string, string>;
  /** An empty text is for the default. */
  setParameter(name: string, text: string): void;

  /** The settings' choices that the notebook does not make itself, and the mounts of this browser. */
  readonly options: IChoices;
  /** What POST /plan takes for the notebook as it is on the disk; null where there is no notebook. */
  planRequest(): Promise<IPlanRequest | null>;
  /** Save the notebook where it has changes; throws where that fails. */
  save(): Promise<void>;

  /**
   * Start a job and select it. A notebook is saved first, the settings' choices and its kernel are added, and the user
   * is asked for the secrets it needs. Null where the user gave up, or it failed, which the panel says.
   */
  start(request: IJobRequest): Promise<IJob | null>;
}
