/** Notebooks by their path, whether they are open or not. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';

import type { IChoices, IPlanRequest } from '../api/types';
import { METADATA_KEY } from '../plan/choices';
import { Saves } from './saves';

// The drive of real-time collaboration has the server's own files.
const LOCAL_DRIVES = ['', 'RTC'];

export class Notebooks {
  constructor(
    private readonly tracker: INotebookTracker | null,
    private readonly contents: Contents.IManager
  ) {}

  /** The path that the server knows the notebook by; null where it is on another drive. */
  serverPath(path: string): string | null {
    return LOCAL_DRIVES.includes(this.contents.driveName(path)) ? this.contents.localPath(path) : null;
  }

  /** The open notebook at a path of the server. */
  find(path: string): NotebookPanel | undefined {
    return this.tracker?.find(panel => this.serverPath(panel.context.path) === path);
  }

  /** Save it where it has changes that are not in its file; throws where that fails. */
  async save(path: string): Promise<void> {
    const panel = this.find(path);
    if (panel) {
      await this.saves.save(panel);
    }
  }

  /** What it has chosen: its metadata `containerize`. */
  async choices(path: string): Promise<unknown> {
    const panel = this.find(path);
    if (panel?.model) {
      return panel.model.getMetadata(METADATA_KEY) as unknown;
    }
    const file = await this.contents.get(path, { content: true, type: 'notebook' });
    const { metadata } = file.content as { metadata?: Record<string, unknown> };
    return metadata?.[METADATA_KEY];
  }

  private readonly saves = new Saves();
}

/** The question about the plan of the notebook at `path`, which is open in `panel` or not at all. */
export function planRequestOf(path: string, options: IChoices, panel: NotebookPanel | null | undefined): IPlanRequest {
  const kernel = kernelOf(panel);
  return {
    notebook: path,
    options: { ...options, ...(kernel && { kernel: kernel.name }) },
    ...(kernel && { kernel_id: kernel.id })
  };
}

/** The notebook's kernel, where one is running. */
function kernelOf(panel: NotebookPanel | null | undefined): { id: string; name: string } | null {
  const kernel = panel?.sessionContext.session?.kernel;
  return kernel ? { id: kernel.id, name: kernel.name } : null;
}
