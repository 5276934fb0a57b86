/** What can be made of a notebook: of the current one, of one by its `path`, of the one selected in the file browser. */

import type { CommandRegistry } from '@lumino/commands';

import type { IChoices, Verb } from '../api/types';
import { askFolder } from '../dialogs';
import { containerizeIcon } from '../icons';
import type { PanelModel } from '../model/panel';
import type { ButtonAction } from '../model/settings';
import { textIn } from './args';

/** The job's card links the report, which JupyterLab shows in a frame that runs no script. */
const CELL_BY_CELL: IChoices = { mode: 'notebook', with_report: true };

export interface INotebookCommandParts {
  model: PanelModel;
  showPanel: () => void;
  /** The path of the notebook that is selected in the file browser. */
  selectedFile: () => string | null;
}

export function addNotebookCommands(commands: CommandRegistry, parts: INotebookCommandParts): void {
  const { trans } = parts.model;
  const starter = new Starter(parts);
  starter.add(commands, 'containerize:start', {
    label: trans.__('Containerize'),
    caption: () => starter.buttonCaption,
    icon: containerizeIcon,
    execute: path => starter.startAsSet(path)
  });
  starter.add(commands, 'containerize:run', {
    label: trans.__('Build and Run in a Container'),
    caption: trans.__('Build an image of this notebook and run it in a container'),
    icon: containerizeIcon,
    execute: path => starter.start(path, 'run')
  });
  starter.add(commands, 'containerize:run-cells', {
    label: trans.__('Run Cell by Cell in a Container'),
    caption: trans.__('Run this notebook cell by cell in a container, and keep it with its outputs'),
    execute: path => starter.start(path, 'run', CELL_BY_CELL)
  });
  starter.add(commands, 'containerize:compare', {
    label: trans.__('Compare with a Run in a Container'),
    caption: trans.__('Run this notebook in a container, and hold what it gives against the outputs saved here'),
    execute: path => starter.start(path, 'compare')
  });
  starter.add(commands, 'containerize:build', {
    label: trans.__('Build Image'),
    caption: trans.__('Build an image of this notebook, and run nothing'),
    execute: path => starter.start(path, 'build')
  });
  starter.add(commands, 'containerize:export', {
    label: trans.__('Export Dockerfile…'),
    caption: trans.__('Write the Dockerfile of this notebook, and all that it needs, into a folder'),
    execute: path => starter.export(path)
  });
  commands.addCommand('containerize:start-file', {
    label: trans.__('Containerize'),
    caption: () => starter.buttonCaption,
    icon: containerizeIcon,
    isEnabled: () => parts.selectedFile() !== null,
    execute: () => starter.startAsSet(parts.selectedFile())
  });
  commands.addCommand('containerize:export-file', {
    label: trans.__('Export Dockerfile…'),
    icon: containerizeIcon,
    isEnabled: () => parts.selectedFile() !== null,
    execute: () => starter.export(parts.selectedFile())
  });
}

interface INotebookCommand extends Pick<CommandRegistry.ICommandOptions, 'label' | 'caption' | 'icon'> {
  execute: (path: string | null) => Promise<void>;
}

class Starter {
  constructor(private readonly parts: INotebookCommandParts) {}

  add(commands: CommandRegistry, id: string, { execute, ...words }: INotebookCommand): void {
    const { model } = this.parts;
    commands.addCommand(id, {
      ...words,
      isEnabled: args => (textIn(args, 'path') ?? model.path) !== null && !model.actions.isStarting,
      execute: args => execute(textIn(args, 'path') ?? model.path)
    });
  }

  async start(path: string | null, verb: Verb, options: IChoices = {}): Promise<void> {
    if (path !== null) {
      this.parts.showPanel();
      await this.parts.model.actions.start({ verb, notebook: path, options });
    }
  }

  /** Do what the settings say that the button does. */
  startAsSet(path: string | null): Promise<void> {
    const { button } = this.parts.model.settings;
    return button === 'cells' ? this.start(path, 'run', CELL_BY_CELL) : this.start(path, button);
  }

  async export(path: string | null): Promise<void> {
    const folder = path === null ? null : await askFolder(path, this.parts.model.trans);
    if (folder !== null) {
      await this.start(path, 'export', { folder });
    }
  }

  get buttonCaption(): string {
    const { settings, trans } = this.parts.model;
    const captions: Record<ButtonAction, string> = {
      run: trans.__('Build an image of this notebook and run it in a container'),
      cells: trans.__('Run this notebook cell by cell in a container'),
      build: trans.__('Build an image of this notebook')
    };
    return captions[settings.button];
  }
}
