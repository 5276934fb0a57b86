import { formatVariable, parseVariable, withVariable } from '../variables';

describe('a variable', () => {
  it.each(['A=1', 'A=', 'A=x=y', 'TOKEN'])('is put together again: %s', text => {
    const { name, value } = parseVariable(text);
    expect(formatVariable(name, value)).toBe(text);
  });

  it('has no value where only its name is kept', () => {
    expect(parseVariable('TOKEN')).toEqual({ name: 'TOKEN', value: null });
    expect(parseVariable('A=x=y')).toEqual({ name: 'A', value: 'x=y' });
  });

  it('takes the place of one of its name', () => {
    expect(withVariable(['A=1', 'B'], 'B=2')).toEqual(['A=1', 'B=2']);
    expect(withVariable(['A=1'], 'AB=2')).toEqual(['A=1', 'AB=2']);
  });
});
