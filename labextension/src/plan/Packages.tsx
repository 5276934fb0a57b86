import { addIcon, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IPackage } from '../api/types';
import { AddForm } from '../controls/AddForm';
import { Fold } from '../controls/Fold';
import { IconButton } from '../controls/IconButton';
import { Notice } from '../controls/Notice';
import { Row, Rows } from '../controls/Row';
import { CellLinks } from './CellLink';
import { nameOf, toggled } from './choices';
import type { PlanModel } from './model';
import { PlanFold } from './PlanFold';
import { countOf } from './words';

/** The Python packages of the image: those that the notebook needs first, each with the cells that need it. */
export function Packages({ model }: { model: PlanModel }): React.ReactElement {
  const { trans } = model.panel;
  const packages = model.plan?.packages ?? [];
  const direct = packages.filter(each => each.direct);
  const others = packages.filter(each => !each.direct);
  return (
    <PlanFold model={model} title={trans.__('Packages')} note={countOf(model, packages.length)} isOpenAtFirst>
      {model.plan?.unresolved.map(each => (
        <Notice
          key={each.name}
          level="warning"
          message={trans.__('“%1” was not found (%2).', each.name, each.where)}
          hint={trans.__('Install it in the notebook’s kernel, or add the package that has it below.')}
        />
      ))}
      <Rows label={trans.__('Packages that the notebook needs')}>
        {direct.map(each => (
          <PackageRow key={each.name} model={model} item={each} />
        ))}
        <Awaited model={model} known={packages} />
      </Rows>
      {others.length > 0 && <Others model={model} packages={others} />}
      <Candidates model={model} />
      {model.isEditable && (
        <AddForm
          label={trans.__('Package to add')}
          placeholder={trans.__('Add one, such as openpyxl')}
          button={trans.__('Add the package')}
          onAdd={name => {
            model.choose({ requirements: toggled(model.choices.requirements, name, true) });
          }}
        />
      )}
    </PlanFold>
  );
}

function PackageRow({ model, item }: { model: PlanModel; item: IPackage }): React.ReactElement {
  const isChosen = model.choices.requirements.some(each => nameOf(each) === nameOf(item.name));
  return (
    <Row why={item.why.join('\n')} actions={isChosen && <Removal model={model} name={item.name} />}>
      <span>
        {item.name} <span className="jp-Containerize-dim">{item.version}</span>
      </span>
      {item.cells.length > 0 && <CellLinks panel={model.panel} cells={item.cells} />}
    </Row>
  );
}

/** What was added and the plan does not have, or not yet. */
function Awaited({ model, known }: { model: PlanModel; known: readonly IPackage[] }): React.ReactElement {
  const names = new Set(known.map(each => nameOf(each.name)));
  const missing = model.choices.requirements.filter(each => !names.has(nameOf(each)));
  return (
    <>
      {missing.map(each => (
        <Row key={each} actions={<Removal model={model} name={each} />}>
          <span>{each}</span>
          <span className="jp-Containerize-dim">{model.panel.trans.__('added')}</span>
        </Row>
      ))}
    </>
  );
}

function Removal({ model, name }: { model: PlanModel; name: string }): React.ReactElement | null {
  const remove = (): void => {
    model.choose({ requirements: toggled(model.choices.requirements, name, false) });
  };
  const label = model.panel.trans.__('Take %1 out again', name);
  return model.isEditable ? <IconButton icon={closeIcon} label={label} onClick={remove} /> : null;
}

function Others({ model, packages }: { model: PlanModel; packages: readonly IPackage[] }): React.ReactElement {
  const { trans } = model.panel;
  const title = trans._n('and %1 package that these need', 'and %1 packages that these need', packages.length);
  return (
    <Fold title={title}>
      <Rows label={trans.__('Packages that other packages need')}>
        {packages.map(each => (
          <PackageRow key={each.name} model={model} item={each} />
        ))}
      </Rows>
    </Fold>
  );
}

/** What the running kernel has loaded, though nothing in the code is known to need it. */
function Candidates({ model }: { model: PlanModel }): React.ReactElement | null {
  const { trans } = model.panel;
  const candidates = model.plan?.candidates ?? [];
  if (candidates.length === 0) {
    return null;
  }
  const add = (name: string): void => {
    model.choose({ requirements: toggled(model.choices.requirements, name, true) });
  };
  return (
    <Fold title={trans.__('Loaded by the kernel, not known to be needed')} note={String(candidates.length)}>
      <Rows label={trans.__('Packages that the kernel has loaded')}>
        {candidates.map(({ name, version }) => (
          <Row
            key={name}
            actions={
              <IconButton
                icon={addIcon}
                label={trans.__('Add %1', name)}
                isDisabled={!model.isEditable}
                onClick={() => {
                  add(name);
                }}
              />
            }
          >
            <span>
              {name} <span className="jp-Containerize-dim">{version}</span>
            </span>
          </Row>
        ))}
      </Rows>
    </Fold>
  );
}
