import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

export interface IIconButtonProps {
  icon: LabIcon;
  /** What it does, and to what: its name for a screen reader, its tooltip for others. */
  label: string;
  onClick: () => void;
  isDisabled?: boolean;
}

/** A button that is an icon. */
export function IconButton(props: IIconButtonProps): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-Containerize-iconButton"
      aria-label={props.label}
      title={props.label}
      disabled={props.isDisabled}
      onClick={props.onClick}
    >
      <props.icon.react tag="span" aria-hidden="true" />
    </button>
  );
}
