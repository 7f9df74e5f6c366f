import { expect, test } from 'vitest';
import { byKind, stateOf } from './by-kind.js';

const worker = (
  kind: string,
  status: 'alive' | 'silent' | 'stopped',
  load = 0,
  startedAt = '2026-11-01T00:00:00Z',
  isDraining = false,
) => ({
  ...{ workerId: `${kind}-${status}-${startedAt}`, kind, description: `does ${kind}`, version: '1', host: 'h', pid: 1 },
  ...{
    concurrency: 4,
    load,
    status,
    startedAt,
    seenAt: startedAt,
    isDraining,
    drainAskedAt: null,
    drainAskedBy: null,
    input: null,
    output: null,
  },
});

test('workers stand by kind, and the room of a kind is that of those who live', () => {
  const kinds = byKind([
    worker('tester', 'alive', 1),
    worker('planner', 'stopped', 3),
    worker('planner', 'alive', 2, '2026-11-01T00:00:00Z'),
    worker('planner', 'alive', 0, '2026-11-02T00:00:00Z'),
  ]);
  expect(kinds.map(({ kind, living, load, room }) => ({ kind, living, load, room }))).toEqual([
    { kind: 'planner', living: 2, load: 2, room: 8 },
    { kind: 'tester', living: 1, load: 1, room: 4 },
  ]);
  expect(kinds[0]?.workers.map(({ status, startedAt }) => `${status} ${startedAt.slice(8, 10)}`)).toEqual([
    'alive 02',
    'alive 01',
    'stopped 01',
  ]);
});

test('a worker that drains lives, and has no room', () => {
  const [kind] = byKind([
    worker('planner', 'alive', 2, '2026-11-01T00:00:00Z', true),
    worker('planner', 'alive', 1, '2026-11-02T00:00:00Z'),
  ]);
  expect(kind).toMatchObject({ living: 2, draining: 1, load: 3, room: 4 });
  expect(kind?.workers.map(stateOf)).toEqual(['alive', 'draining']);
});
