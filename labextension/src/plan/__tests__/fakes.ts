/** A panel and a notebook as the parts of the panel see them. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookModel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import type { IChoices, IContainer, IEngine, IImage, IJob, IPlan } from '../../api/types';
import type { IPanelModel } from '../../model/interfaces';

export class FakeNotebook {
  readonly model = new NotebookModel();
  readonly saveState = new Signal<this, string>(this);
  writable = true;
  /** The name of the kernel that runs. */
  kernel: string | null = null;
  private edits = 0;

  constructor(metadata?: unknown) {
    if (metadata !== undefined) {
      this.model.setMetadata('containerize', metadata);
    }
    this.model.dirty = false;
  }

  get stored(): unknown {
    return this.model.sharedModel.getMetadata('containerize');
  }

  save(): void {
    this.model.dirty = false;
    this.saveState.emit('completed');
  }

  /** Change what a plan is made from, as another program could. */
  edit(): void {
    this.model.sharedModel.setMetadata('containerize', { edits: ++this.edits });
  }

  get panel(): NotebookPanel {
    const { model, saveState, writable } = this;
    const context = { path: 'a/n.ipynb', ready: Promise.resolve(), model, saveState, contentsModel: { writable } };
    const session = () => this.kernel && { kernel: { name: this.kernel } };
    const sessionContext = {
      get session() {
        return session();
      }
    };
    this.asPanel ??= { id: UUID.uuid4(), model, context, sessionContext } as unknown as NotebookPanel;
    return this.asPanel;
  }

  private asPanel?: NotebookPanel;
}

export class FakePanel implements IPanelModel {
  readonly trans = nullTranslator.load('jupyter-containerize');
  readonly commands = new CommandRegistry();
  readonly stateChanged = new Signal<this, void>(this);
  readonly notebookChanged = new Signal<this, void>(this);
  readonly inventoryChanged = new Signal<this, void>(this);
  engine: IEngine | null = null;
  readonly isConnected = true;
  jobs: IJob[] = [];
  options: IChoices = {};
  outsideMounts: readonly string[] = [];
  readonly parameters = new Map<string, string>();
  readonly setParameter = jest.fn((name: string, text: string) => {
    this.parameters.set(name, text);
  });
  readonly start = jest.fn().mockResolvedValue(null);

  constructor(private open: FakeNotebook | null = null) {}

  get notebook(): NotebookPanel | null {
    return this.open?.panel ?? null;
  }

  show(notebook: FakeNotebook | null): void {
    this.open = notebook;
    this.notebookChanged.emit();
  }

  setOutsideMounts = jest.fn((mounts: readonly string[]) => {
    this.outsideMounts = mounts;
    return Promise.resolve();
  });

  planRequest() {
    const request = { notebook: 'a/n.ipynb', options: { mounts: [...this.outsideMounts] } };
    return Promise.resolve(this.open && request);
  }

  save = jest.fn(() => {
    this.open?.save();
    return Promise.resolve();
  });
}

export function newPlan(parts: Partial<IPlan> = {}): IPlan {
  return {
    notebook: 'a/n.ipynb',
    python: '3.11',
    base: 'python:3.11-slim',
    dockerfile: 'FROM python:3.11-slim\n',
    workdir: '/app',
    parameters: [],
    script: { name: 'n.py', text: 'import pandas\n' },
    lock: 'pandas==2.2.3\n',
    packages: [],
    system: [],
    local: [],
    data: [],
    mounts: [],
    env: [],
    ports: [],
    unresolved: [],
    candidates: [],
    unmet: [],
    warnings: [],
    live: false,
    ...parts
  };
}

export function newImage(parts: Partial<IImage> = {}): IImage {
  return {
    id: 'sha256:0123456789abcdef',
    reference: 'penguins:0123456789ab',
    size: 212_000_000,
    created: new Date(Date.now() - 7_200_000).toISOString(),
    platform: 'linux/amd64',
    notebook: 'penguins.ipynb',
    ours: true,
    own: true,
    used_by: [],
    ...parts
  };
}

export function newContainer(parts: Partial<IContainer> = {}): IContainer {
  return {
    id: 'c0ffee',
    name: 'penguins-1',
    image: 'penguins:0123456789ab',
    state: 'running',
    status: 'Up 3 minutes',
    created: new Date().toISOString(),
    ports: ['127.0.0.1:8080->80/tcp'],
    notebook: 'penguins.ipynb',
    ours: true,
    own: true,
    owner: 'me@here',
    shell: 'docker exec -it penguins-1 bash',
    ...parts
  };
}
