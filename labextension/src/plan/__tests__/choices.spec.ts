import type { Choices } from '../choices';
import { nameOf, readChoices, toggled, writeChoices } from '../choices';

const NONE: Choices = readChoices(undefined);

const WHOLE = {
  base: 'python:3.12-slim',
  memory: '2g',
  cpus: 1.5,
  gpus: 'all',
  network: 'none',
  apt: ['ffmpeg'],
  no_apt: ['libgomp1'],
  requirements: ['openpyxl'],
  allow_build: ['sourced'],
  allow_mismatch: ['sauce'],
  mounts: ['./data:data:ro'],
  env: ['MODE=fast', 'TOKEN'],
  ports: ['8080:80']
};

describe('readChoices', () => {
  it('reads every key', () => {
    expect(readChoices(WHOLE)).toEqual({ ...WHOLE, cpus: '1.5' });
  });

  it.each([undefined, null, 'text', 3, [], ['a'], {}])('finds nothing in %j', metadata => {
    expect(readChoices(metadata)).toEqual(NONE);
  });

  it('takes a text for a list of one, a number for a text, and the last of a list for a single value', () => {
    const choices = readChoices({ apt: 'ffmpeg', ports: [8888, '80'], memory: 512, base: ['a', 'b'] });
    expect(choices).toEqual({ ...NONE, apt: ['ffmpeg'], ports: ['8888', '80'], memory: '512', base: 'b' });
  });

  it('passes over what is neither', () => {
    expect(readChoices({ apt: [true, {}, null, 'git', ''], memory: {}, env: { A: '1' }, cpus: true })).toEqual({
      ...NONE,
      apt: ['git']
    });
  });
});

describe('writeChoices', () => {
  it('writes every key, CPUs as a number', () => {
    expect(writeChoices(undefined, readChoices(WHOLE))).toEqual(WHOLE);
  });

  it.each(['1.50', 'two', '1e999', ' 1'])('keeps "%s" CPUs as they were typed, for the server to judge', cpus => {
    expect(writeChoices(undefined, { ...NONE, cpus })).toEqual({ cpus });
  });

  it('keeps nothing of the default', () => {
    expect(writeChoices({ apt: ['git'], base: '', env: [], memory: null }, NONE)).toBeUndefined();
    expect(writeChoices(undefined, NONE)).toBeUndefined();
  });

  it('keeps keys that are not ours, whatever they hold', () => {
    const others = { verified: { digest: 'abc' }, empty: [], none: null, blank: '' };
    expect(writeChoices({ ...others, apt: ['git'] }, NONE)).toEqual(others);
  });

  it('keeps the form of what did not change', () => {
    const before = { apt: 'git', ports: [8888], memory: 512, env: [{ odd: true }], network: ['none'] };
    const after = writeChoices(before, { ...readChoices(before), cpus: '2' });
    expect(after).toEqual({ ...before, cpus: 2 });
  });

  it('replaces metadata that is not an object', () => {
    expect(writeChoices(['odd'], { ...NONE, apt: ['git'] })).toEqual({ apt: ['git'] });
  });

  it('does not change what it is given', () => {
    const before = Object.freeze({ apt: Object.freeze(['git']) as string[], x: 1 });
    writeChoices(before, { ...NONE, ports: ['80'] });
    expect(before).toEqual({ apt: ['git'], x: 1 });
  });

  it('reads back what it wrote, from each kind of metadata to each choice of every key', () => {
    const befores = [undefined, {}, WHOLE, { other: 1, apt: 'git' }, 'odd', { cpus: '1.50', mounts: [{}] }];
    const whole = readChoices(WHOLE);
    const keys = Object.keys(whole) as (keyof Choices)[];
    const afters = [NONE, whole, ...keys.map(key => ({ ...whole, [key]: NONE[key] }))];
    for (const before of befores) {
      for (const after of [...afters, ...keys.map(key => ({ ...NONE, [key]: whole[key] }))]) {
        expect(readChoices(writeChoices(before, after))).toEqual(after);
      }
    }
  });
});

describe('nameOf', () => {
  it.each([
    ['openpyxl', 'openpyxl'],
    ['Scikit_Learn >= 1.2', 'scikit-learn'],
    ['pandas[excel]==2.*', 'pandas'],
    ['ruamel.yaml # why', 'ruamel-yaml'],
    ['libstdc++6=12.2', 'libstdc++6'],
    ['thing @ git+https://example.org/thing', 'thing'],
    ['git+https://example.org/a', 'git+https://example.org/a'],
    ['./wheels/a-1.whl', './wheels/a-1.whl']
  ])('of "%s" is "%s"', (requirement, name) => {
    expect(nameOf(requirement)).toBe(name);
  });
});

describe('toggled', () => {
  it('puts one in the place of another of the same name', () => {
    expect(toggled(['Pandas<2', 'numpy'], 'pandas>=2', true)).toEqual(['numpy', 'pandas>=2']);
  });

  it('takes out whatever has the name', () => {
    expect(toggled(['pandas[excel]', 'numpy'], 'pandas', false)).toEqual(['numpy']);
  });
});
