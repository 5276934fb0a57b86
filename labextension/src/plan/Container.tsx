import * as React from 'react';

import { TextField } from '../controls/TextField';
import type { TextKey } from './choices';
import type { PlanModel } from './model';
import { PlanFold } from './PlanFold';

interface IField {
  key: TextKey;
  label: string;
  placeholder: string;
  help?: string;
  suggestions?: readonly string[];
}

/** What the image is made from, and what the container may use. */
export function Container({ model }: { model: PlanModel }): React.ReactElement {
  const { trans } = model.panel;
  const { choices, plan } = model;
  const note = [choices.base || plan?.base, choices.memory, choices.gpus && 'GPU'].filter(Boolean).join(', ');
  return (
    <PlanFold model={model} title={trans.__('Image and limits')} note={note}>
      <fieldset className="jp-Containerize-fields" disabled={!model.isEditable}>
        {fields(model).map(({ key, ...field }) => (
          <TextField
            key={key}
            {...field}
            value={choices[key]}
            onChange={value => {
              model.choose({ [key]: value });
            }}
          />
        ))}
        <label className="jp-Containerize-checkbox">
          <input
            type="checkbox"
            checked={choices.network === 'none'}
            onChange={event => {
              model.choose({ network: event.target.checked ? 'none' : '' });
            }}
          />
          {trans.__('Run without network')}
        </label>
      </fieldset>
    </PlanFold>
  );
}

function fields({ panel: { trans }, plan }: PlanModel): IField[] {
  const none = trans.__('no limit');
  return [
    {
      key: 'base',
      label: trans.__('Base image'),
      placeholder: plan?.base ?? trans.__('Python of the notebook’s version')
    },
    { key: 'memory', label: trans.__('Memory'), placeholder: none, help: trans.__('Such as 512m or 2g') },
    { key: 'cpus', label: trans.__('CPUs'), placeholder: none, help: trans.__('Such as 1.5') },
    {
      key: 'gpus',
      label: trans.__('GPUs'),
      placeholder: trans.__('none'),
      help: trans.__('“all”, a number, or device=0'),
      suggestions: ['all', '1', '2']
    }
  ];
}
