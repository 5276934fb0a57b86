import * as React from 'react';

export interface INoticeProps {
  level: 'error' | 'warning' | 'info';
  message: string;
  hint?: string;
  /** Buttons that do something about it. */
  children?: React.ReactNode;
}

/** What happened, and what to do about it; an error is read out at once. */
export function Notice(props: INoticeProps): React.ReactElement {
  return (
    <div
      className={`jp-Containerize-notice jp-mod-${props.level}`}
      role={props.level === 'error' ? 'alert' : props.level === 'info' ? 'status' : 'note'}
    >
      <p>{props.message}</p>
      {props.hint && <p className="jp-Containerize-hint">{props.hint}</p>}
      {props.children && <div className="jp-Containerize-noticeActions">{props.children}</div>}
    </div>
  );
}
