import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { allowWish } from '../../api/jobs';
import type { IFix } from '../../api/types';
import { knownFixes } from '../fixes';
import { Fixes } from '../Fixes';
import { FakeNotebook, FakePanel } from './fakes';

jest.mock('../../api/jobs', () => ({ allowWish: jest.fn().mockResolvedValue(undefined) }));

const fix = (option: IFix['option'], value: string, label: string): IFix => ({ option, value, label });
const APT = fix('--apt', 'libgl1', 'Add the system package libgl1');
const WITH = fix('--with', 'opencv-python', 'Add the package opencv-python');

describe('knownFixes', () => {
  it('has each once, in their order, and none of an option that only a later version knows', () => {
    const later = { option: '--later', value: 'x', label: 'Do it' } as unknown as IFix;
    expect(knownFixes([APT, later, WITH, { ...APT }])).toEqual([APT, WITH]);
  });
});

describe('Fixes', () => {
  const press = async (name: string): Promise<void> => {
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name }));
      await Promise.resolve();
    });
  };

  it('adds to the notebook what the hint says, which it then says', async () => {
    const notebook = new FakeNotebook({ no_apt: ['libgl1'] });
    render(<Fixes panel={new FakePanel(notebook)} fixes={[APT, WITH]} />);
    await press('Add the system package libgl1');
    expect(document.activeElement?.textContent).toBe('libgl1 is added: build and run again.');
    await press('Add the package opencv-python');
    expect(document.activeElement?.textContent).toBe('opencv-python is added: build and run again.');
    expect(notebook.stored).toEqual({ apt: ['libgl1'], requirements: ['opencv-python'] });
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.getAllByRole('status').map(each => each.textContent)).toEqual([
      'libgl1 is added: build and run again.',
      'opencv-python is added: build and run again.'
    ]);
  });

  it('mounts outside folders for this computer, those beside the notebook in it, and nothing twice', async () => {
    const notebook = new FakeNotebook();
    const panel = new FakePanel(notebook);
    const fixes = [
      fix('-v', '../data:/data:ro', 'Mount ../data at /data, read-only'),
      fix('-v', './in:in', 'Mount ./in at in, writable'),
      fix('-v', '../data:/data', 'Mount ../data at /data, writable')
    ];
    render(<Fixes panel={panel} fixes={fixes} />);
    await press('Mount ../data at /data, read-only');
    await press('Mount ./in at in, writable');
    expect(panel.outsideMounts).toEqual(['../data:/data:ro']);
    await press('Mount ../data at /data, writable');
    expect(panel.outsideMounts).toEqual(['../data:/data']);
    expect(notebook.stored).toEqual({ mounts: ['./in:in'] });
  });

  it('allows what runs code of others in the notebook, and outside of it that it may', async () => {
    jest.mocked(allowWish).mockClear();
    const notebook = new FakeNotebook();
    const panel = new FakePanel(notebook);
    const fixes = [
      fix('--allow-build', 'sourced', 'Allow building sourced from source'),
      fix('--allow-mismatch', 'sauce', 'Take the index’s files of sauce')
    ];
    render(<Fixes panel={panel} fixes={fixes} />);
    await press('Allow building sourced from source');
    await press('Take the index’s files of sauce');
    expect(document.activeElement?.textContent).toBe('sauce is allowed: build and run again.');
    expect(notebook.stored).toEqual({ allow_build: ['sourced'], allow_mismatch: ['sauce'] });
    expect(jest.mocked(allowWish).mock.calls).toEqual([
      ['a/n.ipynb', { kind: 'allow_build', value: 'sourced' }],
      ['a/n.ipynb', { kind: 'allow_mismatch', value: 'sauce' }]
    ]);
  });

  it('can be pressed only where the notebook keeps choices', () => {
    const notebook = new FakeNotebook();
    notebook.writable = false;
    render(<Fixes panel={new FakePanel(notebook)} fixes={[APT]} />);
    expect(screen.getByRole('button').hasAttribute('disabled')).toBe(true);
  });
});
