import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slowWorkers, type WorkPace } from './slow-workers.js';

const pace = (workerId: string, medianMs: number, more: Partial<WorkPace> = {}): WorkPace => ({
  workerId,
  kind: 'planner',
  state: 'Plan',
  tasks: 20,
  medianMs,
  ...more,
});
const slow = (...paces: readonly WorkPace[]): readonly string[] => [...slowWorkers(paces).keys()];

test('who takes more than twice as long as its fellows is slow, with what that rests on', () => {
  const found = slowWorkers([pace('a', 1_000), pace('b', 1_200), pace('c', 5_000)]);
  expect([...found]).toEqual([['c', { state: 'Plan', tasks: 20, medianMs: 5_000, fellowsMs: 1_100, fellows: 2 }]]);
});

test('of two, one can be slow; of one, none', () => {
  expect(slow(pace('a', 1_000), pace('b', 2_500))).toEqual(['b']);
  expect(slow(pace('a', 1_000))).toEqual([]);
});

test('a few tasks say nothing, of the worker or of its fellows', () => {
  expect(slow(pace('a', 1_000), pace('b', 9_000, { tasks: 9 }))).toEqual([]);
  expect(slow(pace('a', 1_000, { tasks: 9 }), pace('b', 9_000))).toEqual([]);
});

test('only the same work is compared', () => {
  expect(slow(pace('a', 1_000), pace('b', 9_000, { state: 'Implement' }))).toEqual([]);
  expect(slow(pace('a', 1_000), pace('b', 9_000, { kind: 'programmer' }))).toEqual([]);
});

test('never is more than half of the workers at the same work slow', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 9 }), (medians) => {
      const found = slow(...medians.map((medianMs, n) => pace(`w${n}`, medianMs)));
      expect(found.length).toBeLessThanOrEqual(medians.length / 2);
    }),
  );
});
