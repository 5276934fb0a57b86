/** The commands, and those of them that the palette lists. */

import type { ICommandPalette } from '@jupyterlab/apputils';

import { containerizeIcon } from '../icons';
import { addJobCommands } from './jobs';
import type { ILogCommandParts } from './logs';
import { addLogCommands } from './logs';
import type { INotebookCommandParts } from './notebooks';
import { addNotebookCommands } from './notebooks';
import type { IPlaceCommandParts } from './places';
import { addPlaceCommands } from './places';

const IN_PALETTE = [
  'containerize:run',
  'containerize:run-cells',
  'containerize:compare',
  'containerize:build',
  'containerize:export',
  'containerize:open-panel',
  'containerize:stop-job',
  'containerize:rerun-job',
  'containerize:open-log'
];

export interface ICommandParts extends INotebookCommandParts, ILogCommandParts, IPlaceCommandParts {}

export function addCommands(parts: ICommandParts): void {
  const { model, showPanel } = parts;
  const { commands } = parts.app;
  addNotebookCommands(commands, parts);
  addJobCommands(commands, model);
  addLogCommands(parts);
  addPlaceCommands(parts);
  commands.addCommand('containerize:open-panel', {
    label: model.trans.__('Show the Containers Panel'),
    icon: containerizeIcon,
    execute: showPanel
  });
  // Buttons and menus ask anew whether they are enabled.
  model.stateChanged.connect(() => {
    commands.notifyCommandChanged('containerize:start');
  });
}

export function addToPalette(palette: ICommandPalette, category: string): void {
  for (const command of IN_PALETTE) {
    palette.addItem({ command, category });
  }
}
