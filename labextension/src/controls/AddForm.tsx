import { addIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

export interface IAddFormProps {
  /** What the field is for. */
  label: string;
  /** An example of what may be in it. */
  placeholder: string;
  /** Said below the field. */
  help?: string;
  /** What the button says. */
  button: string;
  onAdd: (text: string) => void;
}

/** A field and a button that add one more to a list. */
export function AddForm(props: IAddFormProps): React.ReactElement {
  const [text, setText] = React.useState('');
  const help = React.useId();
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    if (text.trim()) {
      props.onAdd(text.trim());
      setText('');
    }
  };
  return (
    <form className="jp-Containerize-form" onSubmit={submit}>
      <div className="jp-Containerize-inputLine">
        <input
          className="jp-mod-styled"
          aria-label={props.label}
          aria-describedby={props.help && help}
          placeholder={props.placeholder}
          spellCheck={false}
          value={text}
          onChange={event => setText(event.target.value)}
        />
        <button
          type="submit"
          className="jp-Containerize-iconButton"
          aria-label={props.button}
          title={props.button}
          disabled={!text.trim()}
        >
          <addIcon.react tag="span" aria-hidden="true" />
        </button>
      </div>
      {props.help && (
        <p id={help} className="jp-Containerize-help">
          {props.help}
        </p>
      )}
    </form>
  );
}
