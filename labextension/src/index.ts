import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { containerizeIcon } from './icons';

const PANEL_ID = 'jupyter-containerize-panel';

/** The panel in the left sidebar. */
const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-containerize:plugin',
  description: 'Turns notebooks into containers, and manages them.',
  autoStart: true,
  optional: [ILayoutRestorer, ITranslator],
  activate: (app: JupyterFrontEnd, restorer: ILayoutRestorer | null, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('jupyter-containerize');
    const panel = new Widget();
    panel.id = PANEL_ID;
    panel.addClass('jp-Containerize-panel');
    panel.title.icon = containerizeIcon;
    panel.title.caption = trans.__('Containers');
    app.shell.add(panel, 'left', { rank: 700 });
    restorer?.add(panel, PANEL_ID);
    app.commands.addCommand('containerize:run', {
      label: trans.__('Build and Run in a Container'),
      icon: containerizeIcon,
      execute: () => {
        app.shell.activateById(PANEL_ID);
      }
    });
  }
};

export default plugin;
