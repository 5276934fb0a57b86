import * as React from 'react';

import type { IPanelModel } from '../model/interfaces';

export interface ICellLinkProps {
  panel: IPanelModel;
  /** As in [7] after "Run All", from 1. */
  cell: number;
  line?: number | null;
  text: string;
  label?: string;
}

/** Selects a cell of the panel's notebook. */
export function CellLink({ panel, cell, line, text, label }: ICellLinkProps): React.ReactElement {
  const go = (): void => {
    const path = panel.notebook?.context.path ?? '';
    void panel.commands.execute('containerize:go-to-cell', { path, cell, line: line ?? null });
  };
  return (
    <button type="button" className="jp-Containerize-link" aria-label={label} onClick={go}>
      {text}
    </button>
  );
}

const SHOWN = 4;

/** The cells that need something, each a link. */
export function CellLinks({ panel, cells }: { panel: IPanelModel; cells: readonly number[] }): React.ReactElement {
  const { trans } = panel;
  const rest = cells.length - SHOWN;
  return (
    <span className="jp-Containerize-cells">
      <span className="jp-Containerize-dim">{trans._n('cell', 'cells', cells.length)}</span>
      {cells.slice(0, SHOWN).map(cell => (
        <CellLink key={cell} panel={panel} cell={cell} text={String(cell)} label={trans.__('Go to cell %1', cell)} />
      ))}
      {rest > 0 && <span className="jp-Containerize-dim">{trans.__('and %1 more', rest)}</span>}
    </span>
  );
}
