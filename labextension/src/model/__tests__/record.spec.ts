import type { Event, ILog } from '../../api/types';
import type { IJobStreamOptions } from '../../api/stream';
import { EventRecord, EventRecords } from '../record';

function open(): { record: EventRecord; stream: IJobStreamOptions } {
  let stream: IJobStreamOptions = { onEvents: () => undefined };
  const record = new EventRecord('jobs/j1/events', (_, options) => {
    stream = options;
    return { isDisposed: false, dispose: () => undefined };
  });
  return { record, stream };
}

const HEAD = { v: 1, seq: 1 };

function started(step: ILog['step'], title: string): Event {
  return { ...HEAD, type: 'StepStarted', step, title, outputs: [] };
}

function log(step: ILog['step'], text: string): Event {
  return { ...HEAD, type: 'Log', step, text, stream: 'stdout' };
}

test('a log says which step printed, and a message of many events is told once', () => {
  const { record, stream } = open();
  let changes = 0;
  record.changed.connect(() => {
    changes += 1;
  });
  stream.onEvents([
    started('build', 'Building'),
    log('build', 'layer 1\n'),
    log('build', 'layer 2\n'),
    started('run', 'Running'),
    log('run', 'tick'),
    log('run', ' 1\n')
  ]);
  expect(record.log.text()).toBe('Building\nlayer 1\nlayer 2\nRunning\ntick 1\n');
  expect(record.steps.list.map(step => step.name)).toEqual(['build', 'run']);
  expect(changes).toBe(1);
});

test('what was running when the events end did not finish', () => {
  const { record, stream } = open();
  stream.onEvents([started('run', 'Running')]);
  expect(record.isComplete).toBe(false);
  stream.onEnd?.();
  expect(record.isComplete).toBe(true);
  expect(record.steps.list[0]?.state).toBe('failed');
});

test('what is gone is told from what has ended', () => {
  const { record, stream } = open();
  stream.onConnected?.(false);
  stream.onGone?.();
  expect(record).toMatchObject({ isGone: true, isComplete: true, isConnected: true });
});

test('a lost connection is told once', () => {
  const { record, stream } = open();
  const states: boolean[] = [];
  record.changed.connect(() => states.push(record.isConnected));
  stream.onConnected?.(false);
  stream.onConnected?.(false);
  stream.onConnected?.(true);
  expect(states).toEqual([false, true]);
});

test('those who look at the same share one record, which ends with the last of them', () => {
  const disposed: string[] = [];
  const records = new EventRecords(path => {
    return new EventRecord(path, () => ({ isDisposed: false, dispose: () => disposed.push(path) }));
  });
  const first = records.acquire('a');
  expect(records.acquire('a')).toBe(first);
  records.release('a');
  expect(disposed).toEqual([]);
  records.release('a');
  expect(disposed).toEqual(['a']);
  expect(records.acquire('a')).not.toBe(first);
});
