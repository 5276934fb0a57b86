/** Questions before something is lost. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IContainer, IImage } from '../api/types';
import { fileSize } from '../model/measure';
import { nameOf } from './image';

export async function confirmRemoval(
  trans: TranslationBundle,
  question: { title: string; body: Dialog.IOptions<unknown>['body'] },
  label = trans.__('Remove')
): Promise<boolean> {
  const buttons = [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.warnButton({ label })];
  const { button } = await showDialog({ ...question, buttons, defaultButton: 0 });
  return button.accept;
}

export function confirmContainer(trans: TranslationBundle, container: IContainer): Promise<boolean> {
  const lost = trans.__('What it printed is lost, and so are the files it wrote outside of its mounts.');
  const running = trans.__('It runs, and will be killed.');
  return confirmRemoval(trans, {
    title: trans.__('Remove the container “%1”?', container.name),
    body: container.state === 'running' ? `${running} ${lost}` : lost
  });
}

export function confirmImage(trans: TranslationBundle, image: IImage): Promise<boolean> {
  const again = image.notebook
    ? trans.__('It can be built again from %1, as long as the notebook and its packages are there.', image.notebook)
    : trans.__('It can be built again from its notebook.');
  return confirmRemoval(trans, {
    title: trans.__('Remove the image “%1” (%2)?', nameOf(image), fileSize(image.size)),
    body: again
  });
}
