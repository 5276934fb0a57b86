import type { TranslationBundle } from '@jupyterlab/translation';
import { addIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { formatVariable } from './variables';

export interface IVariableFormProps {
  trans: TranslationBundle;
  /** Called with NAME=VALUE, or with NAME for a secret. */
  onAdd: (text: string) => void;
}

/** A new variable; the value of a secret is not typed here, since a notebook keeps what is. */
export function VariableForm({ trans, onAdd }: IVariableFormProps): React.ReactElement {
  const [name, setName] = React.useState('');
  const [value, setValue] = React.useState('');
  const [isSecret, setSecret] = React.useState(false);
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    onAdd(formatVariable(name.trim(), isSecret ? null : value));
    setName('');
    setValue('');
    setSecret(false);
  };
  return (
    <form className="jp-Containerize-form" aria-label={trans.__('New variable')} onSubmit={submit}>
      <div className="jp-Containerize-inputLine">
        <input
          className="jp-mod-styled"
          aria-label={trans.__('Name of the variable')}
          placeholder={trans.__('NAME')}
          spellCheck={false}
          value={name}
          onChange={event => {
            setName(event.target.value);
          }}
        />
        <input
          className="jp-mod-styled"
          aria-label={trans.__('Value of the variable')}
          placeholder={isSecret ? trans.__('asked for at each run') : trans.__('value')}
          spellCheck={false}
          disabled={isSecret}
          value={isSecret ? '' : value}
          onChange={event => {
            setValue(event.target.value);
          }}
        />
        <button
          type="submit"
          className="jp-Containerize-iconButton"
          aria-label={trans.__('Add the variable')}
          title={trans.__('Add the variable')}
          disabled={!name.trim()}
        >
          <addIcon.react tag="span" aria-hidden="true" />
        </button>
      </div>
      <label className="jp-Containerize-checkbox">
        <input
          type="checkbox"
          checked={isSecret}
          onChange={event => {
            setSecret(event.target.checked);
          }}
        />
        {trans.__('Secret: asked for at each run, never stored')}
      </label>
    </form>
  );
}
