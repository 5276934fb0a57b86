/** Finding a cell of an open notebook by its number. */

import type { CodeCell } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';

/** The place of the code cell that has this number in brackets after "Run All"; blank cells get none. */
export function indexOfCell(panel: NotebookPanel, number: number): number {
  let count = 0;
  return panel.content.widgets.findIndex(({ model }) => {
    count += Number(isCodeCellModel(model) && model.sharedModel.getSource().trim() !== '');
    return count === number;
  });
}

/** Select the cell, bring it into view, and put the cursor into that line of it. */
export async function goToCell(panel: NotebookPanel, number: number, line: number | null): Promise<boolean> {
  await panel.revealed;
  const notebook = panel.content;
  const index = indexOfCell(panel, number);
  if (index === -1) {
    return false;
  }
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  await notebook.scrollToItem(index, 'smart');
  const cell = notebook.widgets[index] as CodeCell;
  await cell.ready;
  if (line !== null) {
    cell.editor?.setCursorPosition({ line: line - 1, column: 0 });
  }
  notebook.activate();
  return true;
}
