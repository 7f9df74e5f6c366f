import { expect, test } from 'vitest';
import { type Truth, untruthsIn } from './watch.js';

const truth: Truth = new Map([
  [
    'run',
    [
      { value: 'running', sinceMs: 10 },
      { value: 'paused', sinceMs: 20 },
      { value: 'running', sinceMs: 30 },
      { value: 'succeeded', sinceMs: 40 },
    ],
  ],
]);
const showing = (at: number, run?: string) => ({ at, shown: run === undefined ? {} : { run } });

test('what is told late, or in part, is true', () => {
  expect(untruthsIn([showing(10, 'running'), showing(90, 'succeeded')], truth)).toEqual([]);
  expect(untruthsIn([showing(12, 'running'), showing(90, 'paused'), showing(91, 'running')], truth)).toEqual([]);
});

test('what never was, what is not so yet, what had been over and what is gone are not', () => {
  expect(untruthsIn([showing(50, 'failed')], truth)).toEqual(['run: failed, which it never was']);
  expect(untruthsIn([showing(39, 'succeeded')], truth)).toEqual(['run: succeeded, before it was']);
  expect(untruthsIn([showing(50, 'succeeded'), showing(51, 'running')], truth)).toEqual([
    'run: running, after succeeded',
  ]);
  expect(untruthsIn([showing(50, 'running'), showing(51)], truth)).toEqual(['run was gone']);
  expect(untruthsIn([{ at: 50, shown: { other: 'x' } }], truth)).toEqual(['other: x, which it never was']);
});
