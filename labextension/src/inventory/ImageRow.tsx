import { InputDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { deleteIcon, fileUploadIcon, runIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IImage } from '../api/types';
import { IconButton } from '../controls/IconButton';
import type { IPanelModel } from '../model/interfaces';
import { fileSize } from '../model/measure';
import { age } from './age';
import { confirmImage } from './confirm';
import { nameOf } from './image';
import type { EngineModel } from './model';
import { removeImage } from './requests';

export interface IImageRowProps {
  model: EngineModel<IImage[]>;
  image: IImage;
}

/** An image; what can be done with it only where this user has made it. */
export function ImageRow({ model, image }: IImageRowProps): React.ReactElement {
  const { trans } = model.panel;
  const name = nameOf(image);
  const facts = [fileSize(image.size), age(image.created), image.platform, image.notebook];
  return (
    <li className="jp-Containerize-card" aria-busy={model.busy.has(image.id)}>
      <div className="jp-Containerize-cardHead">
        <span className="jp-Containerize-cardName" title={name}>
          {name}
        </span>
        {image.own && <Actions model={model} image={image} />}
      </div>
      <div className="jp-Containerize-dim">{facts.filter(Boolean).join(' · ')}</div>
      {image.used_by.length > 0 && (
        <div className="jp-Containerize-dim">{trans.__('used by %1', image.used_by.join(', '))}</div>
      )}
    </li>
  );
}

function Actions({ model, image }: IImageRowProps): React.ReactElement {
  const { panel } = model;
  const { trans } = panel;
  const notebook = notebookOf(image, panel);
  const isUsed = image.used_by.length > 0;
  const remove = async (): Promise<void> => {
    if (await confirmImage(trans, image)) {
      await model.change(image.id, () => removeImage(image, model.engine));
    }
  };
  return (
    <>
      {notebook && (
        <IconButton
          icon={runIcon}
          label={trans.__('Run %1', notebook)}
          onClick={() => void panel.start({ verb: 'run', notebook })}
        />
      )}
      {image.reference && (
        <IconButton
          icon={fileUploadIcon}
          label={trans.__('Push %1 to a registry…', image.reference)}
          onClick={() => void push(panel, image.reference)}
        />
      )}
      <IconButton
        icon={deleteIcon}
        label={isUsed ? trans.__('A container uses it: remove that first') : trans.__('Remove %1…', nameOf(image))}
        isDisabled={isUsed || model.busy.has(image.id)}
        onClick={() => void remove()}
      />
    </>
  );
}

/** Ask where to, and start a job that sends it there. */
async function push(panel: IPanelModel, reference: string): Promise<void> {
  const { value } = await InputDialog.getText({
    title: panel.trans.__('Push “%1”', reference),
    label: panel.trans.__('Name at the registry, such as ghcr.io/me/notebook:1'),
    text: reference,
    okLabel: panel.trans.__('Push')
  });
  if (value?.trim()) {
    await panel.start({ verb: 'push', image: reference, options: { tag: value.trim() } });
  }
}

/** The notebook to run for this image: of a job that had the image, or the one that is open and has its name. */
function notebookOf(image: IImage, panel: IPanelModel): string | undefined {
  const job = panel.jobs.find(each => each.notebook && image.reference && each.facts.image === image.reference);
  const open = panel.notebook?.context.path;
  return job?.notebook ?? (open && PathExt.basename(open) === image.notebook ? open : undefined);
}
