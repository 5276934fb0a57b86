import { CommandRegistry } from '@lumino/commands';

import { age } from '../age';
import { addressOf } from '../ports';
import { canOpenShell, openShell } from '../shell';

const NOW = Date.parse('2025-06-15T12:00:00Z');

describe('age', () => {
  it.each([
    ['2025-06-15T11:59:30Z', 'now'],
    ['2025-06-15T11:59:00Z', '1 minute ago'],
    ['2025-06-15T09:00:00+00:00', '3 hours ago'],
    ['2025-06-14T11:00:00Z', 'yesterday'],
    ['2025-05-30T12:00:00Z', '2 weeks ago'],
    ['2024-01-01T00:00:00Z', 'last year'],
    ['2025-06-15T12:00:05Z', 'now'],
    ['', '']
  ])('of %s is "%s"', (time, words) => {
    expect(age(time, NOW, 'en')).toBe(words);
  });

  it('is said in the page’s language', () => {
    expect(age('2025-06-15T09:00:00Z', NOW, 'de')).toBe('vor 3 Stunden');
  });
});

describe('addressOf', () => {
  it.each([
    ['127.0.0.1:8080->80/tcp', 'http://127.0.0.1:8080/'],
    ['0.0.0.0:8080->80/tcp', 'http://localhost:8080/'],
    [':::8080->80/tcp', 'http://localhost:8080/'],
    ['[::1]:8080->80/tcp', 'http://[::1]:8080/'],
    ['80/tcp', null],
    ['127.0.0.1:53->53/udp', null]
  ])('of %s is %s', (port, address) => {
    expect(addressOf(port)).toBe(address);
  });
});

describe('a shell', () => {
  it('is typed into a new terminal', async () => {
    const send = jest.fn();
    const commands = new CommandRegistry();
    expect(canOpenShell(commands)).toBe(false);
    commands.addCommand('terminal:create-new', { execute: () => ({ content: { session: { send } } }) });
    expect(canOpenShell(commands)).toBe(true);
    await openShell(commands, 'docker exec -it x bash');
    expect(send.mock.calls).toEqual([[{ type: 'stdin', content: ['docker exec -it x bash\r'] }]]);
  });
});
