import { evaluate, type Scope } from '@baton/asl';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { evaluatorOn } from './evaluator.js';
import { openStoppable, type Stoppable } from './stoppable.js';
import { THREAD_ENTRY } from './thread-entry.js';

const open = (threads = 2): Stoppable =>
  openStoppable({ entry: THREAD_ENTRY, threads, memoryMb: 256, monotonicMs: () => performance.now() });

let stoppable: Stoppable;
beforeAll(() => {
  stoppable = open();
});
afterAll(() => stoppable.close());

const letters = 'a'.repeat(1_000_000);
const numbers = Array.from({ length: 190_000 }, (_, index) => (index * 7919) % 190_000);
const input = { letters, numbers, short: `${' '.repeat(36)}x`, digits: '1'.repeat(200) };
const scope: Scope = { states: { input, context: {} }, variables: { numbers }, nowMs: 0, seed: 'seed' };

const settings = (timeMs: number) => ({
  timeMs,
  setting: 'BATON_EXPRESSION_MS',
  monotonicMs: () => performance.now(),
});
/** Each expression that is stopped computes for as long as it may. */
const TIME_MS = inject('effort') === 'long' ? 1_000 : 300;
const evaluateOn = (expression: string, timeMs = TIME_MS) =>
  evaluatorOn(stoppable, settings(timeMs)).template(`{% ${expression} %}`, scope, 'Output');

/** How long this thread computed for at a stretch, at most, while something went on. */
async function longestHold<T>(work: Promise<T>): Promise<{ readonly result: T; readonly holdMs: number }> {
  const computedMs = () => process.threadCpuUsage().user / 1000;
  let holdMs = 0;
  let last = computedMs();
  const timer = setInterval(() => {
    const now = computedMs();
    holdMs = Math.max(holdMs, now - last);
    last = now;
  }, 1);
  const result = await work;
  clearInterval(timer);
  return { result, holdMs };
}

const again = (inner: string): string => `$map([1..12000], function($i) { ${inner} })`;

describe('an expression that would hold the process is stopped, and the process is not held', () => {
  test.each([
    ['alternatives that overlap', '$contains($states.input.short, /^(.|\\s)*END/)'],
    ['a date picture that is read', '$toMillis($states.input.digits, "[f1][f1][f1][f1][f1][f1]x")'],
    ['an endless match', '$match($states.input.letters, /(a|aa)*b/)'],
    ['joining again and again', again('$length($join([$states.input.letters, $states.input.letters]))')],
    ['Base64 again and again', again('$length($base64encode($states.input.letters))')],
    [
      'searching again and again',
      again('$contains($states.input.letters, "b" & $substring($states.input.letters, 9))'),
    ],
    ['sorting again and again', again('$sort($numbers)[0]')],
    ['an object for every character', '$count($match($states.input.letters & $states.input.letters, /a/))'],
    ['a string that doubles', '($f := function($s) { $f($s & $s) }; $f($states.input.letters))'],
    ['a picture as wide as the memory', '$fromMillis(0, "[Y,*-999999999]")'],
  ])('%s', async (_what, expression) => {
    const { result, holdMs } = await longestHold(evaluateOn(expression));
    expect(result).toMatchObject({ ok: false, error: 'States.QueryEvaluationError' });
    // What is given to a thread is written first, at a few milliseconds a stretch.
    expect(holdMs).toBeLessThan(100);
  });
});

test('a stopped expression says what it met and what helps', async () => {
  expect(await evaluateOn('$contains($states.input.short, /^(.|\\s)*END/)', 100)).toMatchObject({
    problem:
      "The field 'Output' was stopped: its expressions took longer than 100 ms. Let it work on less data, look for repetitions that overlap in its regular expressions, or raise BATON_EXPRESSION_MS.",
  });
});

test.each([
  '$contains($states.input.short, /x$/)',
  '$replace($states.input.short, / +/, "-")',
  '$sort($numbers)[[0..3]]',
  '$count($map([1..20000], function($i) { $i * 2 }))',
  '$toMillis("27.11.2026", "[D01].[M01].[Y0001]")',
  '$lookup($states, "input").short',
  '$nothing.at.all',
])('what needs a thread has the result that it has anywhere: %s', async (expression) => {
  const anywhere = await evaluate(`{% ${expression} %}`, scope, 'Output');
  expect(await evaluateOn(expression, 10_000)).toEqual({ ...anywhere, steps: expect.any(Number) });
});

test('calls wait for a thread, and their waiting is not their time', async () => {
  const one = open(1);
  const evaluator = evaluatorOn(one, settings(400));
  const slow = '{% $contains($states.input.short, /^(.|\\s)*END/) %}';
  const quick = '{% $contains($states.input.short, /x$/) %}';
  const results = await Promise.all(
    [slow, slow, quick].map((template) => evaluator.template(template, scope, 'Output')),
  );
  await one.close();
  expect(results.map(({ ok }) => ok)).toEqual([false, false, true]);
});
