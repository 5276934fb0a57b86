import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { AddForm } from '../controls/AddForm';
import { IconButton } from '../controls/IconButton';
import { Row, Rows } from '../controls/Row';
import type { PlanModel } from './model';
import { PlanFold } from './PlanFold';
import { countOf } from './words';

/** The ports that the container opens to this computer. */
export function Ports({ model }: { model: PlanModel }): React.ReactElement {
  const { trans } = model.panel;
  const { ports } = model.choices;
  const remove = (port: string): void => {
    model.choose({ ports: ports.filter(each => each !== port) });
  };
  const add = (port: string): void => {
    model.choose({ ports: [...ports.filter(each => each !== port), port] });
  };
  return (
    <PlanFold model={model} title={trans.__('Ports')} note={ports.join(', ') || countOf(model, 0)}>
      <Rows label={trans.__('Ports that are open on this computer')}>
        {ports.map(port => (
          <Row
            key={port}
            actions={
              <IconButton
                icon={closeIcon}
                label={trans.__('Remove the port %1', port)}
                isDisabled={!model.isEditable}
                onClick={() => {
                  remove(port);
                }}
              />
            }
          >
            {port}
          </Row>
        ))}
      </Rows>
      {model.isEditable && (
        <AddForm
          label={trans.__('Port to open')}
          placeholder="8080:80"
          help={trans.__('8080:80 leads from port 8080 of this computer to port 80 of the container.')}
          button={trans.__('Open the port')}
          onAdd={add}
        />
      )}
    </PlanFold>
  );
}
