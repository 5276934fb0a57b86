import { LabIcon } from '@jupyterlab/ui-components';

import svgstr from '../style/icons/containerize.svg';

/** The panel's and the toolbar button's icon. */
export const containerizeIcon = new LabIcon({ name: 'jupyter-containerize:containerize', svgstr });
