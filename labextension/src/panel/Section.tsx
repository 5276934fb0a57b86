/** A part of the panel under a heading; with `isOpen` it can be folded. */

import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

interface ISectionHeadingProps {
  title: string;
  /** At the end of the heading: buttons, a count. */
  toolbar?: React.ReactNode;
}

interface IFoldableProps extends ISectionHeadingProps {
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
  children?: React.ReactNode;
}

export function Section(props: ISectionHeadingProps & { children?: React.ReactNode }): React.ReactElement {
  const heading = React.useId();
  return (
    <section className="jp-Containerize-section" aria-labelledby={heading}>
      <div className="jp-Containerize-heading">
        <h2 id={heading}>{props.title}</h2>
        {props.toolbar}
      </div>
      <div className="jp-Containerize-body">{props.children}</div>
    </section>
  );
}

export function FoldableSection(props: IFoldableProps): React.ReactElement {
  const heading = React.useId();
  const Caret = props.isOpen ? caretDownIcon : caretRightIcon;
  const toggle = (): void => {
    props.onToggle(!props.isOpen);
  };
  return (
    <section className="jp-Containerize-section" aria-labelledby={heading}>
      <div className="jp-Containerize-heading jp-mod-foldable">
        <h2 id={heading}>
          <button type="button" aria-expanded={props.isOpen} onClick={toggle}>
            <Caret.react tag="span" />
            {props.title}
          </button>
        </h2>
        {props.isOpen && props.toolbar}
      </div>
      {props.isOpen && <div className="jp-Containerize-body">{props.children}</div>}
    </section>
  );
}
