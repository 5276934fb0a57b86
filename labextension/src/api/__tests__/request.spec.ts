import { address } from '../request';

test('an address takes more to the query that its path has', () => {
  expect(address('a/b', { c: undefined }, 'http://host/')).toBe('http://host/containerize/a/b');
  expect(address('a/b', { c: 'd e' }, 'http://host/')).toBe('http://host/containerize/a/b?c=d+e');
  expect(address('a/b?c=1', { d: true }, 'ws://host/')).toBe('ws://host/containerize/a/b?c=1&d=true');
});
