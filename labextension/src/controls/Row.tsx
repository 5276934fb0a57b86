import * as React from 'react';

export interface IRowProps {
  children: React.ReactNode;
  /** Why it is there: a tooltip. */
  why?: string;
  /** Buttons at its end. */
  actions?: React.ReactNode;
}

/** One of a list: what it is, and what can be done with it. */
export function Row(props: IRowProps): React.ReactElement {
  return (
    <li className="jp-Containerize-row">
      <span className="jp-Containerize-rowMain" title={props.why}>
        {props.children}
      </span>
      {props.actions}
    </li>
  );
}

/** A list of rows; `label` says of what. */
export function Rows(props: { label: string; children: React.ReactNode }): React.ReactElement {
  return (
    <ul className="jp-Containerize-rows" aria-label={props.label}>
      {props.children}
    </ul>
  );
}
