import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IDataFile, IMount } from '../api/types';
import { IconButton } from '../controls/IconButton';
import { Row } from '../controls/Row';
import type { PlanModel } from './model';
import type { IMountChoice } from './mounts';
import { parseMount } from './mounts';

export interface IMountRowProps {
  model: PlanModel;
  text: string;
  /** Whether it is kept beside the notebook. */
  isOutside: boolean;
  onEdit: (edited: { text: string; mount: IMountChoice }) => void;
}

/** A mount that the user chose; one that a notebook may not have says where it is kept. */
export function MountRow({ model, text, isOutside, onEdit }: IMountRowProps): React.ReactElement {
  const { trans } = model.panel;
  const mount = parseMount(text);
  const isFixed = !isOutside && !model.isEditable;
  const actions = (
    <>
      {mount && (
        <IconButton
          icon={editIcon}
          label={trans.__('Edit the mount of %1', mount.source)}
          isDisabled={isFixed}
          onClick={() => {
            onEdit({ text, mount });
          }}
        />
      )}
      <IconButton
        icon={closeIcon}
        label={trans.__('Remove the mount of %1', mount?.source ?? text)}
        isDisabled={isFixed}
        onClick={() => void model.mount(text, null)}
      />
    </>
  );
  return (
    <Row actions={actions}>
      {mount ? <Where trans={trans} source={mount.source} target={mount.target} readOnly={mount.readOnly} /> : text}
      {isOutside && (
        <span className="jp-Containerize-dim">{trans.__('Kept on this computer, not in the notebook')}</span>
      )}
    </Row>
  );
}

/** A file or folder that the code reads or writes; it is mounted by itself. */
export function DataRow({ trans, item }: { trans: TranslationBundle; item: IDataFile }): React.ReactElement {
  const use = item.access === 'read' ? trans.__('read by the notebook') : trans.__('written by the notebook');
  return (
    <Row why={item.why}>
      <span>{item.path}</span>
      <span className="jp-Containerize-dim">{use}</span>
      {!item.exists && item.access === 'read' && (
        <span className="jp-Containerize-missing">{trans.__('does not exist')}</span>
      )}
    </Row>
  );
}

/** A mount that comes from elsewhere, such as the settings. */
export function FixedRow({ trans, mount }: { trans: TranslationBundle; mount: IMount }): React.ReactElement {
  return (
    <Row>
      <Where trans={trans} source={mount.source} target={mount.target} readOnly={mount.read_only} />
    </Row>
  );
}

interface IWhereProps {
  trans: TranslationBundle;
  source: string;
  target: string;
  readOnly: boolean;
}

function Where({ trans, source, target, readOnly }: IWhereProps): React.ReactElement {
  return (
    <>
      <span>{source}</span>
      <span className="jp-Containerize-dim">
        {readOnly ? trans.__('at %1, read-only', target) : trans.__('at %1, writable', target)}
      </span>
    </>
  );
}
