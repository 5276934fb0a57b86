import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import * as React from 'react';

import { cancelJob, rerunJob } from '../../api/jobs';
import { useChanges } from '../../controls/useChanges';
import { failedJob, newJob } from '../../model/__tests__/samples';
import { JobsSection } from '../JobsSection';
import { Harness } from './harness';

jest.mock('../../api/jobs', () => ({
  ...jest.requireActual<object>('../../api/jobs'),
  cancelJob: jest.fn(),
  rerunJob: jest.fn()
}));

const HEAD = { v: 1, seq: 1 };

function Jobs({ harness: { model } }: { harness: Harness }): React.ReactElement {
  useChanges(model.stateChanged);
  return <JobsSection model={model} />;
}

describe('JobsSection', () => {
  let harness: Harness;

  beforeEach(async () => {
    harness = new Harness();
    render(<Jobs harness={harness} />);
    await act(async () => {
      harness.connect();
      await harness.ready;
    });
  });

  const show = (...jobs: Parameters<Harness['showJobs']>): void => {
    act(() => {
      harness.showJobs(...jobs);
    });
  };
  const open = (name: RegExp): void => {
    fireEvent.click(screen.getByRole('button', { name, expanded: false }));
  };

  it('says what will be here while nothing is', () => {
    expect(screen.getByText(/shows up here/)).toBeTruthy();
  });

  it('shows each job with its state in words, what it is about, and what it does', () => {
    show(newJob(), failedJob({ id: 'j2', created: '2026-11-23T00:00:00+00:00' }));
    const [first, second] = screen.getAllByRole('listitem') as [HTMLElement, HTMLElement];
    expect(within(first).getByRole('img', { name: 'running' })).toBeTruthy();
    expect(first.textContent).toContain('penguins.ipynb');
    expect(first.textContent).toContain('Running penguins:3f2a9c');
    expect(within(second).getByRole('img', { name: 'failed' })).toBeTruthy();
    expect(second.textContent).toContain("KeyError: 'missing'");
    expect(second.textContent).toContain('30 s');
  });

  it('lists the latest, and the others on request', () => {
    show(...Array.from({ length: 20 }, (_, index) => failedJob({ id: `j${index}` })));
    expect(screen.getAllByRole('button', { name: /^Do the same again/ })).toHaveLength(8);
    fireEvent.click(screen.getByRole('button', { name: '12 earlier jobs' }));
    expect(screen.getAllByRole('button', { name: /^Do the same again/ })).toHaveLength(20);
  });

  it('shows the steps of a job that runs, with progress', () => {
    show(newJob());
    open(/penguins/);
    act(() => {
      harness.say(
        'j1',
        { ...HEAD, type: 'StepStarted', step: 'build', title: 'Building the image', outputs: [] },
        {
          ...HEAD,
          type: 'Progress',
          step: 'build',
          item: 'a',
          label: 'extracting',
          current: 10,
          total: 40,
          unit: 'items',
          done: false,
          cached: false
        }
      );
    });
    expect(screen.getByText('Building the image')).toBeTruthy();
    const bar = screen.getByRole('progressbar', { name: 'extracting' });
    expect((bar as HTMLProgressElement).value).toBe(0.25);
    expect(screen.getByText('10 of 40')).toBeTruthy();
  });

  it('links the ports of a container that runs, and takes no early warning for a step', () => {
    show(newJob());
    open(/penguins/);
    const [from, to] = ['port 8000/tcp is at', 'http://127.0.0.1:8000'];
    const progress = { current: null, total: null, unit: 'items', done: true, cached: false } as const;
    act(() => {
      harness.say(
        'j1',
        { ...HEAD, type: 'Warned', step: 'run', message: 'Beware', hint: '', fixes: [] },
        { ...HEAD, type: 'StepStarted', step: 'export', title: 'Exporting', outputs: [] },
        { ...HEAD, type: 'StepStarted', step: 'run', title: 'Running', outputs: [] },
        { ...HEAD, type: 'Progress', step: 'run', item: 'port 8000/tcp', label: `${from} ${to}`, ...progress }
      );
    });
    const steps = within(screen.getByRole('list', { name: 'Steps' })).getAllByRole('listitem');
    expect(steps.map(step => step.textContent)).toEqual(['Exporting', `Running${from} ${to}`]);
    expect(screen.getByRole('link', { name: to }).getAttribute('href')).toBe(to);
    expect(screen.getByText('Beware')).toBeTruthy();
  });

  it('says that the connection is sought while it is lost', () => {
    show(newJob());
    open(/penguins/);
    act(() => {
      harness.streams.get('jobs/j1/events')?.onConnected?.(false);
    });
    expect(screen.getByText(/connection was lost/)).toBeTruthy();
  });

  it('shows what failed and what to do, and leads to the cell', () => {
    show(failedJob());
    open(/penguins/);
    expect(screen.getByRole('alert').textContent).toContain('Correct that line.');
    fireEvent.click(screen.getByRole('button', { name: 'Go to cell 7, line 3' }));
    expect(harness.executed).toEqual([['go-to-cell', { path: 'work/penguins.ipynb', cell: 7, line: 3 }]]);
  });

  it('shows the result, its links and what was written', () => {
    const written = { log: '/home/ada/penguins.log', notebook: '/home/ada/work/output' };
    const facts = { 'port 8000': 'http://127.0.0.1:8000', ...written };
    show(newJob({ state: 'succeeded', exit_code: 0, facts, outputs: ['work/output'] }));
    open(/penguins/);
    expect(screen.getByRole('link', { name: 'http://127.0.0.1:8000' })).toBeTruthy();
    expect(screen.queryByText(/^.home.ada/)).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'work/output' }));
    expect(harness.executed).toEqual([['open-output', { path: 'work/output' }]]);
  });

  it('stops a job that goes on, and does one that ended again', async () => {
    jest.mocked(cancelJob).mockResolvedValue(newJob({ state: 'stopping' }));
    jest.mocked(rerunJob).mockResolvedValue(newJob({ id: 'j3' }));
    show(newJob(), failedJob({ id: 'j2', notebook: '' }));
    fireEvent.click(screen.getByRole('button', { name: 'Stop penguins.ipynb' }));
    expect(cancelJob).toHaveBeenCalledWith('j1');
    fireEvent.click(screen.getByRole('button', { name: /^Do the same again/ }));
    await waitFor(() => {
      expect(rerunJob).toHaveBeenCalledWith('j2', {});
    });
  });

  it('closes the stream of a job that is folded', () => {
    show(newJob());
    open(/penguins/);
    expect([...harness.streams.keys()]).toEqual(['jobs/j1/events']);
    fireEvent.click(screen.getByRole('button', { name: /penguins/, expanded: true }));
    expect(harness.streams.size).toBe(0);
  });

  it('reads out how jobs end', () => {
    show(newJob());
    show(failedJob({ seq: 9 }));
    expect(screen.getByText("penguins.ipynb: failed. KeyError: 'missing'")).toBeTruthy();
  });
});
