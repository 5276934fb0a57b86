import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { runDoctor } from '../../api/jobs';
import { useChanges } from '../../controls/useChanges';
import type { PanelModel } from '../../model/panel';
import { EngineLine } from '../EngineLine';
import { NotebookSection } from '../NotebookSection';
import { Harness } from './harness';

jest.mock('../../api/jobs', () => ({ ...jest.requireActual<object>('../../api/jobs'), runDoctor: jest.fn() }));

type Part = React.ComponentType<{ model: PanelModel }>;

function Shown({ part: Part, model }: { part: Part; model: PanelModel }): React.ReactElement {
  useChanges(model.stateChanged);
  return <Part model={model} />;
}

async function show(part: Part, harness = new Harness()): Promise<Harness> {
  render(<Shown part={part} model={harness.model} />);
  await act(() => harness.ready);
  return harness;
}

describe('EngineLine', () => {
  it('names the engine', async () => {
    const harness = await show(EngineLine);
    expect(screen.getByRole('status').textContent).toContain('Looking for a container engine');
    act(() => {
      harness.connect();
      harness.showEngine();
    });
    expect(screen.getByRole('status').textContent).toContain('Docker Engine 28.5.2, linux/amd64');
  });

  it('says what to do where none answers, and recovers', async () => {
    const harness = await show(EngineLine);
    act(() => {
      harness.connect();
      harness.showEngine({ available: false, message: 'No engine answers.', hint: 'Start Docker Desktop.' });
    });
    expect(screen.getByRole('alert').textContent).toContain('Start Docker Desktop.');
    act(() => {
      harness.showEngine();
    });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says that the server is away, and not what it said before', async () => {
    const harness = await show(EngineLine);
    act(() => {
      harness.connect();
      harness.showEngine();
      harness.connect(false);
    });
    expect(screen.getByRole('status').textContent).toContain('The server can’t be reached');
    expect(screen.queryByRole('button', { name: 'Check' })).toBeNull();
  });

  it('lists the checks on request, each with its level in words', async () => {
    jest.mocked(runDoctor).mockResolvedValue([
      { name: 'engine', level: 'ok', detail: 'Docker Engine', remedy: '', repair: '' },
      { name: 'disk', level: 'problem', detail: '0.2 GB free', remedy: 'Free some.', repair: 'free' }
    ]);
    const harness = await show(EngineLine);
    act(() => {
      harness.connect();
      harness.showEngine();
    });
    fireEvent.click(screen.getByRole('button', { name: 'Check' }));
    expect(await screen.findByRole('img', { name: 'problem' })).toBeTruthy();
    expect(screen.getByText('Free some.')).toBeTruthy();
  });
});

describe('NotebookSection', () => {
  it('says what to do where there is no notebook', async () => {
    await show(NotebookSection, new Harness(null));
    expect(screen.getByText('Open a notebook to make a container of it.')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('offers what can be made of the notebook', async () => {
    const harness = await show(NotebookSection);
    expect(screen.getByText('penguins.ipynb')).toBeTruthy();
    expect(screen.getByText('Your changes are saved first.')).toBeTruthy();
    for (const name of ['Build and run', 'Cell by cell', 'Compare', 'Build', 'Export…']) {
      fireEvent.click(screen.getByRole('button', { name }));
    }
    expect(harness.executed.map(([command]) => command)).toEqual(['run', 'run-cells', 'compare', 'build', 'export']);
  });

  it('says what went wrong until it is dismissed', async () => {
    const harness = await show(NotebookSection);
    act(() => {
      harness.model.actions.problem = { message: 'It could not be saved.', hint: 'Free some space.' };
      harness.model.stateChanged.emit();
    });
    expect(screen.getByRole('alert').textContent).toContain('Free some space.');
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
