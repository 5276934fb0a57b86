import type { Query } from '../../api/request';
import { FakePanel } from '../../plan/__tests__/fakes';
import { EngineModel } from '../model';

async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 10));
}

function watch(panel = new FakePanel()) {
  const read = jest.fn<Promise<number>, [Query]>().mockResolvedValue(1);
  return { panel, read, model: new EngineModel(panel, read, 0) };
}

describe('what the engine has', () => {
  it('is read when it is opened, and again when it may have changed', async () => {
    const { panel, read, model } = watch();
    await settle();
    expect(read).not.toHaveBeenCalled();
    model.open();
    await settle();
    expect(model).toMatchObject({ value: 1, isLoading: false });
    panel.inventoryChanged.emit();
    await settle();
    expect(read).toHaveBeenCalledTimes(2);
    model.close();
    panel.inventoryChanged.emit();
    await settle();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('is read again when the engine comes back', async () => {
    const { panel, read, model } = watch();
    panel.engine = { available: false, name: '', message: 'It does not answer', hint: '' };
    read.mockRejectedValueOnce(new Error('It does not answer'));
    model.open();
    panel.stateChanged.emit();
    await settle();
    panel.engine = { available: true, name: 'Docker', message: '', hint: '' };
    read.mockClear();
    panel.stateChanged.emit();
    panel.stateChanged.emit();
    await settle();
    expect(read).toHaveBeenCalledTimes(1);
    expect(model).toMatchObject({ value: 1, fault: null });
  });

  it('is of the engine of the settings, and all of it on request', async () => {
    const { panel, read, model } = watch();
    panel.options = { engine: 'other' };
    model.all = true;
    await settle();
    expect(read).toHaveBeenLastCalledWith({ engine: 'other', all: true });
    model.all = false;
    await settle();
    expect(read).toHaveBeenLastCalledWith({ engine: 'other' });
  });

  it('is that of the last answer that was asked for', async () => {
    const { read, model } = watch();
    const answers: ((value: number) => void)[] = [];
    read.mockImplementation(() => new Promise(resolve => answers.push(resolve)));
    void model.refresh();
    void model.refresh();
    answers[1]?.(2);
    await settle();
    answers[0]?.(1);
    await settle();
    expect(model.value).toBe(2);
  });

  it('is read again after a change, whose failure stays to be read', async () => {
    const { read, model } = watch();
    const done = model.change('a', () => Promise.reject(new Error('It is used')));
    expect(model.busy.has('a')).toBe(true);
    await done;
    expect(model.busy.has('a')).toBe(false);
    expect(model.fault?.message).toBe('It is used');
    expect(read).toHaveBeenCalledTimes(1);
    await model.change('a', () => Promise.resolve());
    expect(model.fault).toBeNull();
  });
});
