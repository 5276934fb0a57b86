import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { fixesIn } from '../fixes';
import { Fixes } from '../Fixes';
import { FakeNotebook, FakePanel } from './fakes';

describe('fixesIn', () => {
  const texts = (hint: string): string[] => fixesIn(hint).map(({ key, text }) => `${key} ${text}`);

  it.each([
    ['If the code may have it, mount it: -v ../data:/data:ro', ['mounts ../data:/data:ro']],
    ["Mount it: -v './my data:my data:ro'", ['mounts ./my data:my data:ro']],
    [
      'Add it with --apt libpq-dev. A compiler (--apt build-essential) goes with it.',
      ['apt libpq-dev', 'apt build-essential']
    ],
    ['Add --with openpyxl, or leave it out.', ['requirements openpyxl']],
    ['Pin it with --with numpy==1.26.4.', ['requirements numpy==1.26.4']],
    ['Add --apt libstdc++6 or --apt libstdc++6.', ['apt libstdc++6']]
  ])('finds in %p what it says to add', (hint, expected) => {
    expect(texts(hint)).toEqual(expected);
  });

  it.each([
    ['Correct that line, or add what it needs with --with or --apt.'],
    ['Add it where it is a library of that index, with --apt where it is a program.'],
    ['Check the spelling, or install it: --apt PACKAGE'],
    ['Correct the path, or mount it: -v ./FILE:penguins.csv:ro'],
    ['Write SOURCE:TARGET or SOURCE:TARGET:ro, as in -v SOURCE:TARGET'],
    ['If the code may write there, make it first (`mkdir -p ../out`), and mount it: -v ../out:/out'],
    ['`pip install --without-apt x --apt-get y` is not meant.']
  ])('finds nothing in %p', hint => {
    expect(texts(hint)).toEqual([]);
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
    render(<Fixes panel={new FakePanel(notebook)} hint="Add --apt libgl1 and --with opencv-python." />);
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
    render(<Fixes panel={panel} hint="Mount it: -v ../data:/data:ro, or -v ./in:in, or -v ../data:/data" />);
    await press('Mount ../data at /data, read-only');
    await press('Mount ./in at in, writable');
    expect(panel.outsideMounts).toEqual(['../data:/data:ro']);
    await press('Mount ../data at /data, writable');
    expect(panel.outsideMounts).toEqual(['../data:/data']);
    expect(notebook.stored).toEqual({ mounts: ['./in:in'] });
  });

  it('can be pressed only where the notebook keeps choices', () => {
    const notebook = new FakeNotebook();
    notebook.writable = false;
    render(<Fixes panel={new FakePanel(notebook)} hint="Add --apt libgl1." />);
    expect(screen.getByRole('button').hasAttribute('disabled')).toBe(true);
  });
});
