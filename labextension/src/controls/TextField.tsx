import * as React from 'react';

export interface ITextFieldProps {
  label: string;
  value: string;
  /** What holds where the field is empty. */
  placeholder: string;
  /** Said below the field. */
  help?: string;
  /** Values to choose from; others can be typed. */
  suggestions?: readonly string[];
  /** What is wrong with what was typed, said below the field. */
  problem?: string;
  onChange: (value: string) => void;
}

/** A labelled field; what was typed counts on Enter or when the field is left, and Escape takes it back. */
export function TextField(props: ITextFieldProps): React.ReactElement {
  const [draft, setDraft] = React.useState<string | null>(null);
  const id = React.useId();
  const described = [props.help && `${id}-help`, props.problem && `${id}-problem`].filter(Boolean).join(' ');
  const commit = (): void => {
    const text = draft?.trim();
    setDraft(null);
    if (text !== undefined && text !== props.value) {
      props.onChange(text);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter') {
      commit();
    } else if (event.key === 'Escape') {
      setDraft(null);
    }
  };
  return (
    <div className="jp-Containerize-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="jp-mod-styled"
        list={props.suggestions && `${id}-list`}
        aria-describedby={described || undefined}
        aria-invalid={props.problem ? true : undefined}
        placeholder={props.placeholder}
        spellCheck={false}
        value={draft ?? props.value}
        onChange={event => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
      {props.suggestions && (
        <datalist id={`${id}-list`}>
          {props.suggestions.map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      {props.help && (
        <p id={`${id}-help`} className="jp-Containerize-help">
          {props.help}
        </p>
      )}
      {props.problem && (
        <p id={`${id}-problem`} className="jp-Containerize-problem" role="alert">
          {props.problem}
        </p>
      )}
    </div>
  );
}
