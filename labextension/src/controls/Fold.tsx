import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

export interface IFoldProps {
  title: string;
  /** Behind the title, small: a count, a choice. */
  note?: string;
  isOpenAtFirst?: boolean;
  children?: React.ReactNode;
}

/** A part of a section that opens and closes; what is in it exists only while it is open. */
export function Fold(props: IFoldProps): React.ReactElement {
  const [isOpen, setOpen] = React.useState(props.isOpenAtFirst ?? false);
  const id = React.useId();
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  const toggle = (): void => {
    setOpen(!isOpen);
  };
  return (
    <div className="jp-Containerize-fold">
      <h3>
        <button type="button" aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} onClick={toggle}>
          <Caret.react tag="span" className="jp-Containerize-caret" aria-hidden="true" />
          <span className="jp-Containerize-foldTitle">{props.title}</span>{' '}
          {props.note && <span className="jp-Containerize-note">{props.note}</span>}
        </button>
      </h3>
      {isOpen && (
        <div id={id} className="jp-Containerize-foldBody">
          {props.children}
        </div>
      )}
    </div>
  );
}
