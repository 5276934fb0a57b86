import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { checkParameter } from '../../api/jobs';
import { RequestError } from '../../api/request';
import { newJob } from '../../model/__tests__/samples';
import { PlanModel } from '../model';
import { Parameters } from '../Parameters';
import { FakeNotebook, FakePanel, newPlan } from './fakes';

jest.mock('../../api/jobs');

const YEAR = { name: 'year', default: '2023', type: 'int', help: 'of the table' };

function show(panel: FakePanel, parameters = [YEAR]): void {
  const model = new PlanModel(panel);
  model.plan = newPlan({ parameters });
  render(<Parameters model={model} />);
  if (parameters.length > 0) {
    fireEvent.click(screen.getByRole('button', { name: /^Parameters/ }));
  }
}

const field = (): HTMLInputElement => screen.getByRole('textbox', { name: 'year (int)' });

async function enter(text: string): Promise<void> {
  await act(async () => {
    fireEvent.change(field(), { target: { value: text } });
    fireEvent.blur(field());
    await Promise.resolve();
  });
}

describe('Parameters', () => {
  beforeEach(() => {
    jest.mocked(checkParameter).mockReset();
  });

  it('has a field for each, with its default and comment, and none where there is none', () => {
    show(new FakePanel(new FakeNotebook()));
    expect([field().value, field().placeholder]).toEqual(['', '2023']);
    expect(screen.getByText('of the table').id).toBe(field().getAttribute('aria-describedby'));
    show(new FakePanel(new FakeNotebook()), []);
    expect(screen.getAllByRole('textbox')).toHaveLength(1);
  });

  it('says in the field what a run would refuse, and takes the next', async () => {
    const panel = new FakePanel(new FakeNotebook());
    show(panel);
    const details = { message: 'It takes int.', hint: 'Give 2024.', fixes: [], error: 'X', cell: null, line: null };
    jest.mocked(checkParameter).mockRejectedValueOnce(new RequestError(details, 400));
    await enter('soon');
    expect(screen.getByRole('alert').textContent).toBe('It takes int. Give 2024.');
    expect([field().value, field().getAttribute('aria-invalid')]).toEqual(['soon', 'true']);
    expect(panel.setParameter).not.toHaveBeenCalled();
    await enter('2024');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(panel.setParameter.mock.calls).toEqual([['year', '2024']]);
    expect(jest.mocked(checkParameter).mock.calls.at(-1)).toEqual(['a/n.ipynb', 'year', '2024']);
    await enter('');
    expect(panel.setParameter).toHaveBeenLastCalledWith('year', '');
  });

  it('has what the last run was given a button away', async () => {
    const panel = new FakePanel(new FakeNotebook());
    panel.jobs = [
      newJob({ notebook: 'other.ipynb', options: { parameters: ['year=1'] } }),
      newJob({ notebook: 'a/n.ipynb' }),
      newJob({ notebook: 'a/n.ipynb', options: { parameters: ['years=2', 'year=1999'] } }),
      newJob({ notebook: 'a/n.ipynb', options: { parameters: ['year=1998'] } })
    ];
    show(panel);
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Use 1999 for year again' }));
      await Promise.resolve();
    });
    expect(panel.setParameter.mock.calls).toEqual([['year', '1999']]);
  });
});
