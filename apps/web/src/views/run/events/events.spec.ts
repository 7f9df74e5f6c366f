import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../run-events.js';
import { causeOf, causesIn } from './causes.js';
import { readLog, typesIn } from './lens.js';
import { changesBetween } from './state-changes.js';
import { partsOf, pendingOf } from './state-parts.js';
import { curlCommand, jsonlOf, replayCommand } from './take-away.js';

const event = (version: number, type: string, data: RunEvent['data'] = {}, causationId = 'request'): RunEvent => ({
  position: 100 + version,
  runId: '11111111-1111-5111-8111-111111111111',
  version,
  type,
  schemaVersion: 7,
  eventId: `event-${version}`,
  causationId,
  correlationId: null,
  recordedAt: '2026-11-28T06:50:30.299Z',
  actor: { type: 'system', id: 'orchestrator' },
  data,
  summary: `${type} happened.`,
});

const LOG: readonly RunEvent[] = [
  event(1, 'RunStarted'),
  event(2, 'FrameStarted', { frame: 0 }),
  event(3, 'StateEntered', { visit: 0, state: 'Prepare' }),
  event(4, 'StateExited', { visit: 0 }),
  event(5, 'StateEntered', { visit: 1, state: 'Plan' }),
  event(6, 'TaskScheduled', { visit: 1, commandId: 'c1', attempt: 1 }),
  event(7, 'TaskFailed', { visit: 1, commandId: 'c1' }, 'result'),
  event(8, 'TaskScheduled', { visit: 1, commandId: 'c2', attempt: 2 }, 'result'),
];
const versions = (read: { readonly shown: readonly RunEvent[] }): number[] => read.shown.map(({ version }) => version);

describe('a lens', () => {
  test('of the story leaves out what only the engine needs, and says how much', () => {
    const read = readLog(LOG, { lens: 'story', type: undefined, text: '' });
    expect(versions(read)).toEqual([1, 5, 7, 8]);
    expect(read.hidden).toBe(4);
  });

  test('of everything hides nothing', () => {
    expect(readLog(LOG, { lens: 'all', type: undefined, text: '' })).toEqual({ shown: LOG, hidden: 0 });
  });

  test('counts as hidden only what fits the filter', () => {
    const read = readLog(LOG, { lens: 'story', type: 'TaskScheduled', text: '' });
    expect(versions(read)).toEqual([8]);
    expect(read.hidden).toBe(1);
  });

  test('finds events by the state of their visit', () => {
    expect(versions(readLog(LOG, { lens: 'all', type: undefined, text: ' plan' }))).toEqual([5, 6, 7, 8]);
  });

  test('keeps a state that is still there in the story', () => {
    expect(versions(readLog(LOG.slice(0, 3), { lens: 'story', type: undefined, text: '' }))).toEqual([1, 3]);
  });
});

test('types are counted and stand in the order of their names', () => {
  expect(typesIn(LOG).slice(0, 2)).toEqual([
    ['FrameStarted', 1],
    ['RunStarted', 1],
  ]);
});

describe('the cause of an event', () => {
  const causes = causesIn(LOG);
  const cause = (version: number) => {
    const found = LOG[version - 1];
    return found === undefined ? null : causeOf(found, causes);
  };

  test('is the request of somebody, for the first', () => {
    expect(cause(1)).toEqual({ kind: 'message', id: 'request' });
  });

  test('is the event that sent the task, for a result', () => {
    expect(cause(7)).toEqual({ kind: 'event', version: 6 });
  });

  test('is the result, for what was decided from it', () => {
    expect(cause(8)).toEqual({ kind: 'event', version: 7 });
  });
});

describe('changes between two states', () => {
  test('are said in words, with where they are', () => {
    const { changes } = changesBetween({ phase: null, n: 1, gone: true }, { phase: 'plan', n: 1, extra: [1] });
    expect(changes).toEqual([
      { kind: 'changed', pointer: '/phase', text: 'phase: null → "plan"' },
      { kind: 'removed', pointer: '/gone', text: 'gone is gone: true' },
      { kind: 'added', pointer: '/extra', text: 'extra is new: a list of 1' },
    ]);
  });

  test('tell items of a list apart by their numbers: one that is gone changes no other', () => {
    const before = {
      visits: [
        { visit: 1, state: 'A' },
        { visit: 2, state: 'B' },
      ],
    };
    const { changes } = changesBetween(before, { visits: [{ visit: 2, state: 'B' }] });
    expect(changes).toEqual([{ kind: 'removed', pointer: '/visits/0', text: 'visits, visit 1 is gone: state A' }]);
  });

  test('of a state that is the same are none', () => {
    expect(changesBetween({ a: [{ b: 1 }] }, { a: [{ b: 1 }] }).changes).toEqual([]);
  });

  test('end at two hundred, and say so', () => {
    const after = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`m${at}`, at]));
    expect(changesBetween({}, after)).toMatchObject({ changes: { length: 200 }, isCut: true });
  });
});

test('work under way names the state that waits for it', () => {
  const parts = partsOf({
    status: 'running',
    visits: [{ visit: 3, state: 'Plan' }],
    commands: [{ commandId: 'c', visit: 3, kind: 'task', resource: 'baton:worker:planner', attempt: 2 }],
  });
  expect(parts === null ? [] : pendingOf(parts)).toEqual([
    { id: 'c', text: 'baton:worker:planner for Plan, attempt 2' },
  ]);
});

test('before the first event there is no state', () => {
  expect(partsOf(null)).toBeNull();
});

test('a log is taken away one event a line, and looked at elsewhere by a command', () => {
  expect(jsonlOf(LOG.slice(0, 2)).split('\n')).toHaveLength(3);
  expect(replayCommand('r', 4)).toBe('baton replay r --at 4');
  expect(curlCommand('r', 4)).toContain('/v1/runs/r/events?after=3&limit=1');
});
