import { InputDialog, showDialog } from '@jupyterlab/apputils';
import { configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import * as React from 'react';

import { request } from '../../api/request';
import type { IJob } from '../../api/types';
import { FakeNotebook, FakePanel, newContainer, newImage } from '../../plan/__tests__/fakes';
import { ContainersSection } from '../ContainersSection';
import { DiskSection } from '../DiskSection';
import { ImagesSection } from '../ImagesSection';

configure({ asyncUtilTimeout: 4000 });

jest.mock('../../api/request', () => ({
  request: jest.fn(),
  describe: (error: Error) => ({ message: error.message, hint: '' })
}));
jest.mock('@jupyterlab/apputils', () => ({
  ...jest.requireActual<object>('@jupyterlab/apputils'),
  showDialog: jest.fn()
}));

const answered = jest.mocked(request);

beforeEach(() => {
  answered.mockReset();
});

function agree(accept: boolean): void {
  jest.mocked(showDialog).mockResolvedValue({ button: { accept } } as never);
}

function show(section: typeof ImagesSection, title: string, panel = new FakePanel()): FakePanel {
  render(React.createElement(section, { model: panel }));
  expect(answered).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: title }));
  return panel;
}

describe('ImagesSection', () => {
  it('shows what an image is, and what can be done only with one made here', async () => {
    answered.mockResolvedValue([
      newImage(),
      newImage({ id: 'sha256:9', reference: 'redis:7', ours: false, own: false })
    ]);
    show(ImagesSection, 'Images');
    const rows = await screen.findAllByRole('listitem');
    expect(rows[0]?.textContent).toBe('penguins:0123456789ab212.0 MB · 2 hours ago · linux/amd64 · penguins.ipynb');
    expect(rows.map(row => within(row).queryAllByRole('button').length)).toEqual([2, 0]);
    expect(answered).toHaveBeenLastCalledWith('images', { query: { engine: undefined } });
  });

  it('lists all on request', async () => {
    answered.mockResolvedValue([]);
    show(ImagesSection, 'Images');
    fireEvent.click(await screen.findByLabelText('Show those made elsewhere too'));
    await waitFor(() => {
      expect(answered).toHaveBeenLastCalledWith('images', { query: { all: true } });
    });
  });

  it('removes one by its name once that was agreed to', async () => {
    answered.mockResolvedValue([newImage({ reference: 'me/penguins:1' })]);
    show(ImagesSection, 'Images');
    const button = await screen.findByRole('button', { name: 'Remove me/penguins:1…' });
    agree(false);
    fireEvent.click(button);
    await waitFor(() => {
      expect(showDialog).toHaveBeenCalled();
    });
    agree(true);
    fireEvent.click(button);
    await waitFor(() => {
      const removals = answered.mock.calls.filter(([, init]) => init?.method === 'DELETE');
      expect(removals).toEqual([['images/me%2Fpenguins%3A1', { method: 'DELETE', query: {} }]]);
    });
  });

  it('names one without a tag by its ID, which can only be removed', async () => {
    answered.mockResolvedValue([newImage({ reference: '' })]);
    show(ImagesSection, 'Images');
    const row = await screen.findByRole('listitem');
    expect(row.textContent).toMatch(/^0123456789ab212/);
    expect(
      within(row)
        .getAllByRole('button')
        .map(button => button.title)
    ).toEqual(['Remove 0123456789ab…']);
  });

  it('lists the first of many, and all on request', async () => {
    answered.mockResolvedValue(Array.from({ length: 20 }, (_, index) => newImage({ reference: `n:${index}` })));
    show(ImagesSection, 'Images');
    expect(await screen.findAllByRole('listitem')).toHaveLength(15);
    fireEvent.click(screen.getByRole('button', { name: 'and 5 more' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(20);
  });

  it('does not remove one that a container uses', async () => {
    answered.mockResolvedValue([newImage({ used_by: ['penguins-1'] })]);
    show(ImagesSection, 'Images');
    expect((await screen.findByText('used by penguins-1')).textContent).toBeTruthy();
    expect(screen.getByRole('button', { name: /^A container uses it/ })).toHaveProperty('disabled', true);
  });

  it('pushes it under a name, as a job', async () => {
    answered.mockResolvedValue([newImage()]);
    jest.spyOn(InputDialog, 'getText').mockResolvedValue({ button: {}, value: ' ghcr.io/me/x:1 ' } as never);
    const panel = show(ImagesSection, 'Images');
    fireEvent.click(await screen.findByRole('button', { name: /^Push/ }));
    await waitFor(() => {
      const options = { tag: 'ghcr.io/me/x:1' };
      expect(panel.start.mock.calls).toEqual([[{ verb: 'push', image: 'penguins:0123456789ab', options }]]);
    });
  });

  it('runs the notebook of a job that had this image', async () => {
    answered.mockResolvedValue([newImage()]);
    const panel = new FakePanel();
    const facts = { image: 'penguins:0123456789ab' };
    panel.jobs = [{ id: '1', verb: 'build', notebook: 'a/penguins.ipynb', facts } as unknown as IJob];
    show(ImagesSection, 'Images', panel);
    fireEvent.click(await screen.findByRole('button', { name: 'Run a/penguins.ipynb' }));
    expect(panel.start.mock.calls).toEqual([[{ verb: 'run', notebook: 'a/penguins.ipynb' }]]);
  });

  it('runs the open notebook where an image without a job has its name', async () => {
    answered.mockResolvedValue([newImage(), newImage({ id: 'sha256:2', reference: 'n:1', notebook: 'n.ipynb' })]);
    const panel = new FakePanel(new FakeNotebook());
    show(ImagesSection, 'Images', panel);
    fireEvent.click(await screen.findByRole('button', { name: /^Run/ }));
    expect(panel.start.mock.calls).toEqual([[{ verb: 'run', notebook: 'a/n.ipynb' }]]);
  });
});

describe('ContainersSection', () => {
  it('stops one that runs, and says what went wrong', async () => {
    answered.mockResolvedValueOnce([newContainer()]).mockRejectedValueOnce(new Error('It is gone'));
    answered.mockResolvedValue([newContainer({ state: 'exited', status: 'Exited (0)', shell: '' })]);
    show(ContainersSection, 'Containers');
    fireEvent.click(await screen.findByRole('button', { name: 'Stop penguins-1' }));
    expect((await screen.findByRole('alert')).textContent).toContain('It is gone');
    expect(answered).toHaveBeenCalledWith('containers/c0ffee/stop', { method: 'POST', query: {} });
    expect(screen.queryByRole('button', { name: /^Stop/ })).toBeNull();
  });

  it('opens a log and a port', async () => {
    answered.mockResolvedValue([newContainer()]);
    const panel = new FakePanel();
    panel.options = { engine: 'desktop-linux' };
    show(ContainersSection, 'Containers', panel);
    const execute = jest.fn();
    panel.commands.addCommand('containerize:open-container-log', { execute });
    fireEvent.click(await screen.findByRole('button', { name: 'Log of penguins-1' }));
    expect(execute.mock.calls[0]).toEqual([{ container: 'penguins-1', engine: 'desktop-linux' }]);
    expect(screen.getByRole('link').getAttribute('href')).toBe('http://127.0.0.1:8080/');
  });

  it('offers a shell only where there are terminals and it runs', async () => {
    answered.mockResolvedValue([newContainer(), newContainer({ id: '2', name: 'ended', shell: '' })]);
    const panel = new FakePanel();
    panel.commands.addCommand('terminal:create-new', { execute: jest.fn() });
    show(ContainersSection, 'Containers', panel);
    await screen.findByText('ended');
    expect(screen.getAllByRole('button', { name: /^Shell in/ })).toHaveLength(1);
  });
});

describe('DiskSection', () => {
  const plan = {
    items: [{ id: 'sha256:1', name: 'penguins:1', kind: 'image', size: 120_000_000 }],
    size: 120_000_000,
    bound: 'at least',
    summary: '1 unused image: at least 120 MB'
  };

  it('frees what it lists once that was agreed to, and says what was done', async () => {
    answered.mockResolvedValueOnce(plan).mockResolvedValueOnce({ removed: ['penguins:1'], warnings: ['One stays'] });
    answered.mockResolvedValue({ ...plan, items: [], size: 0, summary: 'nothing to remove' });
    show(DiskSection, 'Disk space');
    expect((await screen.findByText(/^Can be freed/)).textContent).toContain('at least 120 MB');
    expect(screen.getByRole('listitem').textContent).toBe('penguins:1unused image, 120.0 MB');
    agree(true);
    fireEvent.click(screen.getByRole('button', { name: 'Free…' }));
    expect((await screen.findByText('1 removed.')).textContent).toBeTruthy();
    expect(screen.getByText('One stays')).toBeTruthy();
    expect(answered).toHaveBeenCalledWith('prune', { method: 'POST', body: { items: plan.items }, query: {} });
    expect(await screen.findByText(/nothing to free/)).toBeTruthy();
  });
});
