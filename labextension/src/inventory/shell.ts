/** A terminal of JupyterLab's with a shell inside a container. */

import type { MainAreaWidget } from '@jupyterlab/apputils';
import type { ITerminal } from '@jupyterlab/terminal';
import type { CommandRegistry } from '@lumino/commands';

const NEW_TERMINAL = 'terminal:create-new';

export function canOpenShell(commands: CommandRegistry): boolean {
  return commands.hasCommand(NEW_TERMINAL) && commands.isEnabled(NEW_TERMINAL);
}

/** Open a terminal and run `shell` in it; a shell that can't start says why there. */
export async function openShell(commands: CommandRegistry, shell: string): Promise<void> {
  const terminal = (await commands.execute(NEW_TERMINAL)) as MainAreaWidget<ITerminal.ITerminal>;
  terminal.content.session.send({ type: 'stdin', content: [`${shell}\r`] });
}
