import type { Contents } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { IMove } from '../moves';
import { Moves } from '../moves';

test('files that are renamed, deleted or made anew are told, of the server’s own', () => {
  const fileChanged = new Signal<object, Contents.IChangedArgs>({});
  const serverPath = (path: string): string | null => (path.includes(':') ? null : path);
  const moves = new Moves({ fileChanged } as unknown as Contents.IManager, serverPath);
  const made: IMove[] = [];
  moves.made.connect((_, move) => made.push(move));
  const [old, now] = [{ path: 'a.ipynb' }, { path: 'b.ipynb' }];
  fileChanged.emit({ type: 'rename', oldValue: old, newValue: now });
  fileChanged.emit({ type: 'delete', oldValue: now, newValue: null });
  fileChanged.emit({ type: 'new', oldValue: null, newValue: old });
  fileChanged.emit({ type: 'save', oldValue: null, newValue: old });
  fileChanged.emit({ type: 'delete', oldValue: { path: 'S3:a.ipynb' }, newValue: null });
  expect(made).toEqual([
    { from: 'a.ipynb', to: 'b.ipynb' },
    { from: 'b.ipynb', to: null },
    { from: 'a.ipynb', to: null }
  ]);
});
