import { initialState, rebuild } from '@baton/workflow';
import { expect, test } from 'vitest';
import type { VersionedRun } from '../hub-store.js';
import { RunCache } from './run-cache.js';

const running = rebuild([
  {
    type: 'RunStarted',
    data: {
      workflow: { name: 'w', version: '1.0.0', sha256: '' },
      document: { name: 'w', version: '1.0.0', title: 'W', definition: {} },
      input: {},
      requestId: 'r',
      submittedBy: { type: 'user', id: 'tester' },
      labels: {},
      priority: 0,
      decisionMode: 'programmatic',
      budget: { usd: null, tokens: null, wallClock: null },
    },
  },
]);
const ofSize = (size: number): VersionedRun => ({
  state: running,
  version: 1,
  segment: { events: 1, size: size / 2, snapshotSize: size / 2 },
});
const kept = (cache: RunCache, ...runIds: readonly string[]): readonly string[] =>
  runIds.filter((runId) => cache.get(runId) !== undefined);

test('the run that was not touched for the longest makes room', () => {
  const cache = new RunCache({ runs: 2, size: 1_000 });
  cache.put('a', ofSize(1));
  cache.put('b', ofSize(1));
  cache.put('a', ofSize(1));
  cache.put('c', ofSize(1));
  expect(kept(cache, 'a', 'b', 'c')).toEqual(['a', 'c']);
});

test('a large run takes the room of many', () => {
  const cache = new RunCache({ runs: 100, size: 1_000 });
  for (const runId of ['a', 'b', 'c', 'd']) cache.put(runId, ofSize(250));
  expect(kept(cache, 'a', 'b', 'c', 'd')).toEqual(['a', 'b', 'c', 'd']);
  cache.put('large', ofSize(600));
  expect(kept(cache, 'a', 'b', 'c', 'd', 'large')).toEqual(['d', 'large']);
});

test('a run that is too large for all the room stays while it is the one at work', () => {
  const cache = new RunCache({ runs: 100, size: 1_000 });
  cache.put('a', ofSize(250));
  cache.put('huge', ofSize(5_000));
  expect(kept(cache, 'a', 'huge')).toEqual(['huge']);
  cache.put('a', ofSize(250));
  expect(kept(cache, 'a', 'huge')).toEqual(['a']);
});

test('what left makes room again, and a run that is over is not kept', () => {
  const cache = new RunCache({ runs: 100, size: 1_000 });
  for (let time = 0; time < 10; time += 1) {
    cache.put('a', ofSize(900));
    cache.put('a', { ...ofSize(900), state: initialState });
    cache.put('b', ofSize(900));
    cache.evict('b');
    cache.evict('b');
  }
  cache.put('c', ofSize(500));
  cache.put('d', ofSize(500));
  expect(kept(cache, 'a', 'b', 'c', 'd')).toEqual(['c', 'd']);
});
