import { readFileSync } from 'fs';
import { join } from 'path';

import { LogBuffer } from '../../log/buffer';
import { Steps } from '../../model/steps';
import type { Event } from '../types';

const EVENTS = JSON.parse(readFileSync(join(__dirname, '../../../../tests/contract/events.json'), 'utf-8')) as Event[];

/** The fields of each type, as events.ts has them; a type or a field too many or too few does not compile. */
const FIELDS: { [Type in Event['type']]: Record<keyof Extract<Event, { type: Type }>, true> } = {
  StepStarted: { v: true, seq: true, type: true, step: true, title: true, outputs: true },
  StepFinished: { v: true, seq: true, type: true, step: true, summary: true, seconds: true },
  Progress: {
    v: true,
    seq: true,
    type: true,
    step: true,
    item: true,
    label: true,
    current: true,
    total: true,
    unit: true,
    done: true,
    cached: true
  },
  Log: { v: true, seq: true, type: true, step: true, text: true, stream: true },
  Warned: { v: true, seq: true, type: true, step: true, message: true, hint: true, fixes: true },
  Finished: { v: true, seq: true, type: true, summary: true, facts: true, exit_code: true },
  Failed: {
    v: true,
    seq: true,
    type: true,
    error: true,
    message: true,
    hint: true,
    exit_code: true,
    cell: true,
    line: true,
    facts: true,
    fixes: true,
    is_located: true
  }
};

test.each(EVENTS)('event $seq, $type, has the fields that are known here', event => {
  expect(Object.keys(event).sort()).toEqual(Object.keys(FIELDS[event.type]).sort());
});

test('the contract has an example of every type', () => {
  expect(new Set(EVENTS.map(event => event.type))).toEqual(new Set(Object.keys(FIELDS)));
});

test('the events of the contract become steps', () => {
  const steps = new Steps();
  for (const event of EVENTS.slice(0, 18)) {
    steps.add(event);
  }
  expect(steps.list.map(({ name, state, summary }) => [name, state, summary])).toEqual([
    ['export', 'done', '12 cells'],
    ['freeze', 'done', '24 packages pinned'],
    ['stage', 'done', '6 files'],
    ['build', 'done', 'penguins:3f2a9c'],
    ['run', 'done', 'exit status 0']
  ]);
  expect(steps.warnings).toEqual([
    {
      message: "'lightgbm' is not installed; cell 3 can do without it.",
      hint: 'Install it here first if the container should have it.',
      fixes: [{ option: '--with', value: 'lightgbm', label: 'Add the package lightgbm' }]
    }
  ]);
  expect([...(steps.find('build')?.items.keys() ?? [])]).toHaveLength(4);
});

test('the log of the contract is text, whatever is in it', () => {
  const buffer = new LogBuffer();
  for (const event of EVENTS) {
    if (event.type === 'Log' && event.step === 'run') {
      buffer.feed(event.text);
    }
  }
  expect(buffer.text()).toBe('344 pingüinos 🐧, </pre><script>alert(1)</script>\n 50%|█████     | 1/2');
});
