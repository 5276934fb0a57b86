/** All that the panel shows; what can be done with jobs is in `actions`. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { VDomModel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Secrets } from '../api/jobs';
import type { IChoices, IEngine, IJob, IJobRequest, IPlanRequest } from '../api/types';
import { METADATA_KEY } from '../plan/choices';
import { JobActions } from './actions';
import type { CurrentNotebook } from './current';
import type { IPanelModel } from './interfaces';
import { Launch } from './launch';
import type { OutsideMounts } from './mounts';
import type { Notebooks } from './notebooks';
import { planRequestOf } from './notebooks';
import { ParameterValues } from './parameters';
import { EventRecords } from './record';
import type { Server } from './server';
import type { ISettings } from './settings';
import { DEFAULT_SETTINGS, optionsFor } from './settings';

export interface IPanelModelOptions {
  trans: TranslationBundle;
  commands: CommandRegistry;
  current: CurrentNotebook;
  notebooks: Notebooks;
  mounts: OutsideMounts;
  server: Server;
  rendering: IRendering;
  /** Ask the user for these values; null where they give up. */
  askSecrets: (names: readonly string[]) => Promise<Secrets | null>;
}

/** What logs are drawn with. */
export interface IRendering {
  sanitizer: IRenderMime.ISanitizer;
  translator: ITranslator;
}

export class PanelModel extends VDomModel implements IPanelModel {
  readonly trans: TranslationBundle;
  readonly commands: CommandRegistry;
  readonly server: Server;
  readonly notebooks: Notebooks;
  readonly rendering: IRendering;
  readonly actions: JobActions;
  readonly records = new EventRecords();

  constructor(parts: IPanelModelOptions) {
    super();
    const { notebooks, askSecrets } = parts;
    const launch = new Launch({
      notebooks,
      engine: () => this.settings.engine,
      optionsFor: this.optionsFor.bind(this),
      parameters: path => this.values.words(path),
      askSecrets
    });
    this.trans = parts.trans;
    this.commands = parts.commands;
    this.server = parts.server;
    this.notebooks = notebooks;
    this.rendering = parts.rendering;
    this.mounts = parts.mounts;
    this.current = parts.current;
    this.actions = new JobActions(launch, parts.server.jobs);
    this.actions.changed.connect(this.notify);
    this.server.changed.connect(this.notify);
    this.current.changed.connect(this.onNotebook);
    this.current.edited.connect(this.onEdited);
    this.onNotebook();
  }

  get notebook(): NotebookPanel | null {
    return this.current.panel;
  }

  get notebookChanged(): ISignal<unknown, void> {
    return this.notebookSignal;
  }

  /** The notebook's path on the server; null where there is none, or it is on another drive. */
  get path(): string | null {
    return this.notebook && this.notebooks.serverPath(this.notebook.context.path);
  }

  get engine(): IEngine | null {
    return this.server.engine;
  }

  get isConnected(): boolean {
    return this.server.connection === 'connected';
  }

  get jobs(): readonly IJob[] {
    return this.server.jobs.list;
  }

  get inventoryChanged(): ISignal<unknown, void> {
    return this.server.inventoryChanged;
  }

  get settings(): ISettings {
    return this.chosen;
  }

  set settings(settings: ISettings) {
    this.chosen = settings;
    this.server.setEngine(settings.engine);
    this.onNotebook();
  }

  get outsideMounts(): readonly string[] {
    return this.path === null ? [] : this.mounts.get(this.path);
  }

  async setOutsideMounts(mounts: readonly string[]): Promise<void> {
    if (this.path !== null) {
      await this.mounts.set(this.path, mounts);
      this.onNotebook();
    }
  }

  get parameters(): ReadonlyMap<string, string> {
    return this.values.get(this.path ?? '');
  }

  setParameter(name: string, text: string): void {
    if (this.path !== null) {
      this.values.set(this.path, name, text);
      this.notify();
    }
  }

  get options(): IChoices {
    return optionsFor(this.settings, this.notebook?.model?.getMetadata(METADATA_KEY), this.outsideMounts);
  }

  async planRequest(): Promise<IPlanRequest | null> {
    const { path, notebook } = this;
    if (path === null) {
      return null;
    }
    const options = await this.optionsFor(path, notebook?.model?.getMetadata(METADATA_KEY));
    return planRequestOf(path, options, notebook);
  }

  async save(): Promise<void> {
    if (this.path !== null) {
      await this.notebooks.save(this.path);
    }
  }

  start(request: IJobRequest): Promise<IJob | null> {
    return this.actions.start(request);
  }

  private async optionsFor(path: string, metadata: unknown): Promise<IChoices> {
    await this.mounts.load(path);
    return optionsFor(this.settings, metadata, this.mounts.get(path));
  }

  private async loadMounts(): Promise<void> {
    if (this.path !== null && (await this.mounts.load(this.path))) {
      this.onNotebook();
    }
  }

  private readonly notify = (): void => {
    this.stateChanged.emit();
  };

  private readonly onNotebook = (): void => {
    this.onEdited();
    this.notify();
    void this.loadMounts();
  };

  private readonly onEdited = (): void => {
    this.notebookSignal.emit();
  };

  private readonly values = new ParameterValues();
  private readonly mounts: OutsideMounts;
  private readonly current: CurrentNotebook;
  private chosen = DEFAULT_SETTINGS;
  private readonly notebookSignal = new Signal<this, void>(this);
}
