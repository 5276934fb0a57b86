/** Notebooks on the disk. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const KERNEL = { name: 'python3', display_name: 'Python 3 (ipykernel)', language: 'python' };

export interface INotebookFile {
  cells: { source: string | string[]; cell_type: string }[];
  metadata: Record<string, unknown>;
}

/** Write a notebook of these code cells. */
export function writeNotebook(file: string, cells: readonly string[], metadata: Record<string, unknown> = {}): void {
  const code = cells.map((source, number) => ({
    id: `cell-${number}`,
    cell_type: 'code',
    source,
    metadata: {},
    outputs: [],
    execution_count: null
  }));
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: KERNEL, ...metadata }, cells: code };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(notebook));
}

export function readNotebook(file: string): INotebookFile {
  return JSON.parse(readFileSync(file, 'utf8')) as INotebookFile;
}
