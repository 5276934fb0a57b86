import { closeIcon, undoIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { AddForm } from '../controls/AddForm';
import { IconButton } from '../controls/IconButton';
import { Row, Rows } from '../controls/Row';
import { nameOf, toggled } from './choices';
import type { PlanModel } from './model';
import { PlanFold } from './PlanFold';
import { countOf } from './words';

/** The Debian packages of the image; each can be left out, and others added. */
export function SystemPackages({ model }: { model: PlanModel }): React.ReactElement {
  const { trans } = model.panel;
  const { apt, no_apt: leftOut } = model.choices;
  const found = model.plan?.system ?? [];
  const needed = found.filter(({ name }) => !hasName(apt, name) && !hasName(leftOut, name));
  const rows = [...needed, ...apt.map(name => ({ name, why: trans.__('added') }))];
  return (
    <PlanFold model={model} title={trans.__('System packages')} note={countOf(model, rows.length)}>
      <Rows label={trans.__('System packages of the image')}>
        {rows.map(({ name, why }) => (
          <Row key={name} why={why} actions={<Removal model={model} name={name} />}>
            <span>{name}</span>
            <span className="jp-Containerize-dim">{why}</span>
          </Row>
        ))}
        {leftOut.map(name => (
          <Row key={name} actions={<Return model={model} name={name} />}>
            <s>{name}</s>
            <span className="jp-Containerize-dim">{trans.__('left out')}</span>
          </Row>
        ))}
      </Rows>
      {model.isEditable && (
        <AddForm
          label={trans.__('System package to add')}
          placeholder={trans.__('Add one, such as ffmpeg')}
          button={trans.__('Add the system package')}
          onAdd={name => {
            model.choose({ apt: toggled(apt, name, true), no_apt: toggled(leftOut, name, false) });
          }}
        />
      )}
    </PlanFold>
  );
}

/** Takes out what was added, and leaves out what was found. */
function Removal({ model, name }: { model: PlanModel; name: string }): React.ReactElement {
  const { apt, no_apt: leftOut } = model.choices;
  const isAdded = hasName(apt, name);
  const remove = (): void => {
    model.choose(isAdded ? { apt: toggled(apt, name, false) } : { no_apt: toggled(leftOut, name, true) });
  };
  const label = isAdded ? model.panel.trans.__('Take %1 out again', name) : model.panel.trans.__('Leave out %1', name);
  return <IconButton icon={closeIcon} label={label} isDisabled={!model.isEditable} onClick={remove} />;
}

function Return({ model, name }: { model: PlanModel; name: string }): React.ReactElement {
  const bringBack = (): void => {
    model.choose({ no_apt: toggled(model.choices.no_apt, name, false) });
  };
  const label = model.panel.trans.__('Bring back %1', name);
  return <IconButton icon={undoIcon} label={label} isDisabled={!model.isEditable} onClick={bringBack} />;
}

function hasName(names: readonly string[], name: string): boolean {
  return names.some(each => nameOf(each) === nameOf(name));
}
