import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IconButton } from '../controls/IconButton';
import { Rows } from '../controls/Row';
import { TextField } from '../controls/TextField';
import type { PlanModel } from './model';
import { PlanFold } from './PlanFold';
import { VariableForm } from './VariableForm';
import { formatVariable, parseVariable, withVariable } from './variables';
import { countOf } from './words';

/** The variables that a run gets: values that the notebook keeps, and names whose values are asked for. */
export function Environment({ model }: { model: PlanModel }): React.ReactElement {
  const { trans } = model.panel;
  const { env } = model.choices;
  return (
    <PlanFold model={model} title={trans.__('Environment variables')} note={countOf(model, env.length)}>
      <Rows label={trans.__('Variables of the container')}>
        {env.map(text => (
          <li key={text} className="jp-Containerize-row">
            <Variable model={model} text={text} />
          </li>
        ))}
      </Rows>
      {model.isEditable && (
        <VariableForm
          trans={trans}
          onAdd={text => {
            model.choose({ env: withVariable(env, text) });
          }}
        />
      )}
    </PlanFold>
  );
}

function Variable({ model, text }: { model: PlanModel; text: string }): React.ReactElement {
  const { trans } = model.panel;
  const { env } = model.choices;
  const { name, value } = parseVariable(text);
  const change = (typed: string): void => {
    model.choose({ env: withVariable(env, formatVariable(name, typed)) });
  };
  const remove = (): void => {
    model.choose({ env: env.filter(each => each !== text) });
  };
  return (
    <>
      {value === null ? (
        <span className="jp-Containerize-rowMain">
          <span>{name}</span>
          <span className="jp-Containerize-dim">{origin(model, name)}</span>
        </span>
      ) : (
        <TextField label={name} value={value} placeholder={trans.__('empty')} onChange={change} />
      )}
      <IconButton
        icon={closeIcon}
        label={trans.__('Remove the variable %1', name)}
        isDisabled={!model.isEditable}
        onClick={remove}
      />
    </>
  );
}

/** Where the value of a variable that is kept by name comes from. */
function origin({ panel, plan }: PlanModel, name: string): string {
  const isSet = plan?.env.some(each => each.name === name && each.is_set) ?? false;
  return isSet ? panel.trans.__('secret: taken from the server') : panel.trans.__('secret: asked for at each run');
}
