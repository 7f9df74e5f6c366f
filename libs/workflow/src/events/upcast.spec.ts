import { BatonError } from '@baton/contracts';
import { expect, test } from 'vitest';
import { EVENT_SCHEMA_VERSION } from './run-event.js';
import { readEvent, upcast } from './upcast.js';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof BatonError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

test('an event is read as it was written', () => {
  const data = { visit: 1, frame: 0, state: 'A' };
  expect(upcast('StateEntered', 1, data)).toEqual({ type: 'StateEntered', data });
});

test('an event that cannot be read says where it stands', () => {
  const read = (stored: Partial<Parameters<typeof readEvent>[0]>) => () =>
    readEvent({ type: 'StateEntered', schemaVersion: 1, dataText: '{}', ...stored });
  expect(read({ type: 'PlanPainted', position: 17, version: 3 })).toThrow(
    'the unknown type PlanPainted at position 17.',
  );
  expect(read({ schemaVersion: 99, version: 3 })).toThrow('StateEntered of version 99, event 3 of its run; this');
  expect(read({ position: 17 })).toThrow('StateEntered at position 17 does not have the shape of its version 1.');
});

test('an unknown type, a version from the future and a broken shape stop loudly', () => {
  expect(codeOf(() => upcast('PlanPainted', 1, {}))).toBe('unknown-event-type');
  expect(codeOf(() => upcast('StateEntered', EVENT_SCHEMA_VERSION + 1, { visit: 1, frame: 0, state: 'A' }))).toBe(
    'unknown-event-version',
  );
  expect(codeOf(() => upcast('StateEntered', 1, { visit: 'one' }))).toBe('malformed-event');
});
