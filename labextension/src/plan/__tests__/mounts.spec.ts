import { formatMount, isPortable, parseMount, proposedTarget, sourceOf, untold, withMount } from '../mounts';

describe('a mount as text', () => {
  it.each(['./data:data', '../in:/in:ro', '/srv/x:/x:ro,z', 'volume:cache', String.raw`C:\data:/data:ro`])(
    'is put together again: %s',
    text => {
      const mount = parseMount(text);
      expect(mount && formatMount(mount)).toBe(text);
    }
  );

  it('is taken apart', () => {
    expect(parseMount('./a b:/x:ro,Z')).toEqual({ source: './a b', target: '/x', readOnly: true, others: ['Z'] });
    expect(parseMount('/a:/b:rw')).toMatchObject({ readOnly: false, others: [] });
  });

  it.each(['', 'data', ':x', 'x:', 'a:b:c:d'])('is none: "%s"', text => {
    expect(parseMount(text)).toBeNull();
  });
});

describe('isPortable', () => {
  it.each(['./data:data', 'data/in:in', './a/../b:b', '.:here', './:here'])('%s may be in the notebook', text => {
    expect(isPortable(text)).toBe(true);
  });

  it.each(['../data:data', './a/../../b:b', '/srv:x', '~/x:x', 'volume:x', String.raw`C:\x:/x`, 'nonsense'])(
    '%s may not',
    text => {
      expect(isPortable(text)).toBe(false);
    }
  );
});

describe('sourceOf', () => {
  it.each([
    ['a/n.ipynb', 'a/data', './data'],
    ['a/n.ipynb', 'a', './'],
    ['a/n.ipynb', 'b/c', '../b/c'],
    ['n.ipynb', 'data/in', './data/in'],
    ['a/b/n.ipynb', '', '../..']
  ])('of %s and %s is %s', (notebook, folder, source) => {
    expect(sourceOf(notebook, folder)).toBe(source);
  });
});

describe('proposedTarget', () => {
  it.each([
    ['./data', 'data'],
    ['./data/', 'data'],
    ['data/in', 'data/in'],
    ['../shared', '/app/work/shared'],
    ['../../x/y', '/app/x/y'],
    ['../../../../z', '/z'],
    ['/srv/data', '/srv/data'],
    ['~/data', '/home/app/data'],
    ['volume', 'volume'],
    ['', '']
  ])('of %s is where the notebook’s path leads to: %s', (source, target) => {
    expect(proposedTarget(source, '/app/work/notebooks')).toBe(target);
  });
});

describe('withMount', () => {
  const mounts = { inside: ['./a:a', './b:b'], outside: ['/x:/x'] };

  it('adds at the end, where it may be kept', () => {
    expect(withMount(mounts, null, './c:c').inside).toEqual(['./a:a', './b:b', './c:c']);
    expect(withMount(mounts, null, '/y:/y').outside).toEqual(['/x:/x', '/y:/y']);
  });

  it('changes in place', () => {
    expect(withMount(mounts, './a:a', './a:a:ro')).toEqual({ ...mounts, inside: ['./a:a:ro', './b:b'] });
  });

  it('moves one that left the folder, and one that came in', () => {
    expect(withMount(mounts, './a:a', '/a:/a')).toEqual({ inside: ['./b:b'], outside: ['/x:/x', '/a:/a'] });
    expect(withMount(mounts, '/x:/x', './x:x')).toEqual({ inside: ['./a:a', './b:b', './x:x'], outside: [] });
  });

  it('removes', () => {
    expect(withMount(mounts, '/x:/x', null)).toEqual({ ...mounts, outside: [] });
  });

  it('has none twice', () => {
    expect(withMount(mounts, null, './a:a')).toEqual(mounts);
    expect(withMount(mounts, './a:a', './b:b').inside).toEqual(['./b:b']);
  });
});

describe('untold', () => {
  it('is what neither a choice nor the data tells of', () => {
    const mount = (target: string) => ({ source: '/s', target, read_only: true, kind: 'bind' });
    const data = [{ path: 'in/x.csv', access: 'read' as const, why: '', exists: true }];
    const mounts = ['/app/work/in/x.csv', '/app/work/data', '/models', '/defaults'].map(mount);
    expect(untold({ mounts, data, workdir: '/app/work' }, ['./data:data/', '/m:/models'])).toEqual([
      mount('/defaults')
    ]);
  });
});
