import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookModel } from '@jupyterlab/notebook';

import { indexOfCell } from '../cells';

function newPanel(...cells: [string, string][]): NotebookPanel {
  const model = new NotebookModel();
  model.fromJSON({
    cells: cells.map(([cell_type, source]) => ({
      cell_type,
      source,
      metadata: {},
      outputs: [],
      execution_count: null
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5
  });
  return { content: { widgets: [...model.cells].map(cell => ({ model: cell })) } } as unknown as NotebookPanel;
}

test.each([
  [1, 1],
  [2, 4],
  [3, 6],
  [4, -1]
])('cell %d, as "Run All" counts, is at place %d', (number, place) => {
  const panel = newPanel(
    ['markdown', '# Title'],
    ['code', 'import sys'],
    ['code', ''],
    ['code', ' \n'],
    ['code', 'x = 1'],
    ['raw', 'raw'],
    ['code', 'x']
  );
  expect(indexOfCell(panel, number)).toBe(place);
});
