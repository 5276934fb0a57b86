import { act, configure, fireEvent, render, screen, within } from '@testing-library/react';
import * as React from 'react';

import { allowWish, readPlan } from '../../api/jobs';
import { RequestError } from '../../api/request';
import type { IPlan } from '../../api/types';
import { PlanSection } from '../PlanSection';
import { FakeNotebook, FakePanel, newPlan } from './fakes';

configure({ asyncUtilTimeout: 4000 });

jest.mock('../../api/jobs', () => ({ readPlan: jest.fn(), allowWish: jest.fn().mockResolvedValue(undefined) }));

const PLAN: Partial<IPlan> = {
  packages: [
    { name: 'numpy', version: '2.1.0', why: ['pandas needs it'], cells: [], direct: false },
    { name: 'pandas', version: '2.2.3', why: ['cell 2: import pandas'], cells: [2, 5], direct: true }
  ],
  candidates: [{ name: 'openpyxl', version: '3.1.5' }],
  system: [{ name: 'libgomp1', why: 'lightgbm loads libgomp.so.1' }],
  data: [{ path: 'in/penguins.csv', access: 'read', why: 'cell 3', exists: false }]
};

async function open(notebook: FakeNotebook | null, parts: Partial<IPlan> = PLAN): Promise<FakePanel> {
  jest.mocked(readPlan).mockResolvedValue(newPlan(parts));
  return show(new FakePanel(notebook));
}

async function show(panel: FakePanel): Promise<FakePanel> {
  const chooseFolder = jest.fn().mockResolvedValue('../shared');
  render(<PlanSection model={panel} chooseFolder={chooseFolder} />);
  fireEvent.click(screen.getByRole('button', { name: 'Plan' }));
  await screen.findByText('Packages').catch(() => null);
  return panel;
}

function unfold(title: RegExp | string): void {
  fireEvent.click(screen.getByRole('button', { name: title }));
}

function type(label: string, text: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
}

describe('PlanSection', () => {
  it('shows what the notebook needs first, and what that needs on request', async () => {
    await open(new FakeNotebook());
    const needed = within(await screen.findByRole('list', { name: 'Packages that the notebook needs' }));
    expect((await needed.findAllByRole('listitem')).map(row => row.textContent)).toEqual(['pandas 2.2.3cells25']);
    expect(screen.queryByText(/numpy/)).toBeNull();
    unfold('and 1 package that these need');
    expect(screen.getByText(/numpy/).textContent).toBe('numpy 2.1.0');
  });

  it('lists what the notebook asks for, and asks for the plan again once that is allowed', async () => {
    const asked = { value: 'TOKEN', message: 'The notebook asks for your variable TOKEN.', words: '-e TOKEN' };
    const panel = await open(new FakeNotebook(), {
      unmet: [
        { kind: 'variable', verdict: 'consent', ...asked },
        {
          kind: 'mounts',
          value: '/etc:/x',
          verdict: 'refused',
          message: 'The notebook asks for /etc.',
          words: '-v /etc:/x'
        }
      ]
    });
    expect(await screen.findByText(/say it yourself in a terminal: -v/)).toBeTruthy();
    expect(screen.getAllByRole('button', { name: /^Allow/ })).toHaveLength(1);
    jest.mocked(readPlan).mockResolvedValue(newPlan({ unmet: [] }));
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Allow TOKEN' }));
      await Promise.resolve();
    });
    expect(allowWish).toHaveBeenCalledWith('a/n.ipynb', expect.objectContaining({ kind: 'variable', value: 'TOKEN' }));
    expect(screen.queryByText(asked.message)).toBeNull();
    expect(panel.save).not.toHaveBeenCalled();
  });

  it('goes to the cell that needs a package', async () => {
    const panel = await open(new FakeNotebook());
    const execute = jest.fn();
    panel.commands.addCommand('containerize:go-to-cell', { execute });
    fireEvent.click(await screen.findByRole('button', { name: 'Go to cell 5' }));
    expect(execute.mock.calls[0]).toEqual([{ path: 'a/n.ipynb', cell: 5, line: null }]);
  });

  it('adds a package, a loaded one too, and takes it out again', async () => {
    const notebook = new FakeNotebook();
    await open(notebook);
    await screen.findByText(/pandas/);
    type('Package to add', ' lxml ');
    fireEvent.click(screen.getByRole('button', { name: 'Add the package' }));
    unfold(/^Loaded by the kernel/);
    fireEvent.click(screen.getByRole('button', { name: 'Add openpyxl' }));
    expect(notebook.stored).toEqual({ requirements: ['lxml', 'openpyxl'] });
    fireEvent.click(screen.getByRole('button', { name: 'Take lxml out again' }));
    expect(notebook.stored).toEqual({ requirements: ['openpyxl'] });
  });

  it('leaves out a system package, says so, and brings it back', async () => {
    const notebook = new FakeNotebook();
    await open(notebook);
    await screen.findByText(/pandas/);
    unfold(/^System packages/);
    fireEvent.click(screen.getByRole('button', { name: 'Leave out libgomp1' }));
    expect(notebook.stored).toEqual({ no_apt: ['libgomp1'] });
    expect(screen.getByText('left out')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Bring back libgomp1' }));
    expect(notebook.stored).toBeUndefined();
  });

  it('says which file is missing, and mounts a folder that is chosen', async () => {
    const panel = await open(new FakeNotebook());
    await screen.findByText(/pandas/);
    unfold(/^Data and mounts/);
    expect(screen.getByText('does not exist')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Mount a folder…' }));
    expect(await screen.findByDisplayValue('../shared')).toBeTruthy();
    expect(screen.getByLabelText('In the container')).toHaveProperty('value', '/shared');
    fireEvent.click(screen.getByRole('button', { name: 'Mount' }));
    expect(await screen.findByText('Kept on this computer, not in the notebook')).toBeTruthy();
    expect(panel.outsideMounts).toEqual(['../shared:/shared:ro']);
    expect(document.activeElement?.textContent).toBe('Mount a folder…');
  });

  it('drops what was typed for another notebook', async () => {
    const panel = await open(new FakeNotebook({ mounts: ['./data:data'] }));
    await screen.findByText(/pandas/);
    type('Package to add', 'lxml');
    unfold(/^Data and mounts/);
    fireEvent.click(screen.getByRole('button', { name: 'Edit the mount of ./data' }));
    act(() => {
      panel.show(new FakeNotebook());
    });
    await screen.findByText(/pandas/);
    expect(screen.getByLabelText('Package to add')).toHaveProperty('value', '');
    expect(screen.getByRole('button', { name: 'Write a path…' })).toBeTruthy();
    expect(screen.queryByLabelText('In the container')).toBeNull();
  });

  it('keeps a plain value, and of a secret only the name', async () => {
    const notebook = new FakeNotebook();
    await open(notebook);
    await screen.findByText(/pandas/);
    unfold(/^Environment variables/);
    type('Name of the variable', 'MODE');
    type('Value of the variable', 'fast');
    fireEvent.click(screen.getByRole('button', { name: 'Add the variable' }));
    type('Name of the variable', 'TOKEN');
    type('Value of the variable', 'hunter2');
    fireEvent.click(screen.getByLabelText(/^Secret/));
    fireEvent.click(screen.getByRole('button', { name: 'Add the variable' }));
    expect(notebook.stored).toEqual({ env: ['MODE=fast', 'TOKEN'] });
    expect(screen.getByText('secret: asked for at each run')).toBeTruthy();
  });

  it('keeps a limit when the field is left, and takes it back with Escape', async () => {
    const notebook = new FakeNotebook();
    await open(notebook);
    await screen.findByText(/pandas/);
    unfold(/^Image and limits/);
    type('CPUs', '1.5');
    fireEvent.keyDown(screen.getByLabelText('CPUs'), { key: 'Escape' });
    fireEvent.blur(screen.getByLabelText('CPUs'));
    expect(notebook.stored).toBeUndefined();
    type('CPUs', '2');
    fireEvent.blur(screen.getByLabelText('CPUs'));
    expect(notebook.stored).toEqual({ cpus: 2 });
  });

  it('says what is wrong, what to do and where', async () => {
    const details = {
      message: 'It does not parse.',
      hint: 'Correct it.',
      fixes: [],
      error: 'CellSyntaxError',
      cell: 2,
      line: 4
    };
    jest.mocked(readPlan).mockRejectedValue(new RequestError(details, 422));
    const panel = await show(new FakePanel(new FakeNotebook()));
    const execute = jest.fn();
    panel.commands.addCommand('containerize:go-to-cell', { execute });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('It does not parse.Correct it.');
    fireEvent.click(within(alert).getByRole('button', { name: 'Go to cell' }));
    expect(execute.mock.calls[0]).toEqual([{ path: 'a/n.ipynb', cell: 2, line: 4 }]);
  });

  it('says that it is old, and makes it anew', async () => {
    const notebook = new FakeNotebook();
    await open(notebook);
    await screen.findByText(/pandas/);
    act(() => {
      notebook.edit();
    });
    const calls = jest.mocked(readPlan).mock.calls.length;
    fireEvent.click(await screen.findByRole('button', { name: 'Save and refresh' }));
    await screen.findByText('Working out the plan again…');
    await screen.findByText(/pandas/);
    expect(jest.mocked(readPlan).mock.calls.length).toBe(calls + 1);
  });

  it('shows the files of the image when they are opened', async () => {
    await open(new FakeNotebook());
    await screen.findByText(/pandas/);
    expect(screen.queryByText(/^FROM/)).toBeNull();
    unfold(/^Dockerfile/);
    expect(screen.getByText(/^FROM python/).tagName).toBe('PRE');
  });

  it('can change nothing of a notebook that is read-only', async () => {
    const notebook = new FakeNotebook({ apt: ['git'] });
    notebook.writable = false;
    await open(notebook);
    await screen.findByText(/pandas/);
    expect(screen.getByText(/read-only/)).toBeTruthy();
    expect(screen.queryByLabelText('Package to add')).toBeNull();
    unfold(/^System packages/);
    expect(screen.getByRole('button', { name: 'Take git out again' })).toHaveProperty('disabled', true);
  });

  it('asks for nothing without a notebook', async () => {
    jest.mocked(readPlan).mockClear();
    await open(null);
    expect(screen.getByText('Open a notebook to see its plan.')).toBeTruthy();
    expect(readPlan).not.toHaveBeenCalled();
  });
});
