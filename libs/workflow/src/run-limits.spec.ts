import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RUN_LIMITS } from './run-limits.js';
import { documentOf, scenario } from './testing/scenario.js';

/** Counts to a number without waiting for anything: two states a round. */
const counting = (to: number): JsonObject => ({
  Begin: { Type: 'Pass', Assign: { n: 0 }, Next: 'Count' },
  Count: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Next: 'More' },
  More: { Type: 'Choice', Choices: [{ Condition: `{% $n < ${to} %}`, Next: 'Count' }], Default: 'Done' },
  Done: { Type: 'Succeed', Output: '{% $n %}' },
});
async function endOf(States: JsonObject, limits = DEFAULT_RUN_LIMITS) {
  const run = scenario(documentOf(States), false, { limits });
  await run.start();
  const state = run.state();
  if (state.status === 'new') throw new Error('the run did not begin');
  return state;
}

describe('the limits of a run', () => {
  test('a loop that waits for nothing ends by the limit that is set, and the error names it', async () => {
    expect(await endOf(counting(400))).toMatchObject({ status: 'succeeded', output: 400 });
    expect(await endOf(counting(600))).toMatchObject({
      status: 'failed',
      error: 'States.Runtime',
      cause: expect.stringContaining('The limit is BATON_STATES_WITHOUT_WAITING of the orchestrator, 1000.'),
    });
    const more = { ...DEFAULT_RUN_LIMITS, statesWithoutWaiting: 2_000 };
    expect(await endOf(counting(600), more)).toMatchObject({ status: 'succeeded', output: 600 });
    const few = { ...DEFAULT_RUN_LIMITS, statesWithoutWaiting: 10 };
    expect(await endOf(counting(6), few)).toMatchObject({ cause: expect.stringContaining('orchestrator, 10.') });
  });

  test('a path that meets no state twice is no loop, however long it is', async () => {
    const chain = (length: number, last: JsonObject): JsonObject =>
      Object.fromEntries(
        Array.from({ length }, (_, at): [string, JsonObject] => [
          `S${at}`,
          at === length - 1 ? last : { Type: 'Pass', Next: `S${at + 1}` },
        ]),
      );
    expect(await endOf(chain(1_500, { Type: 'Succeed' }))).toMatchObject({ status: 'succeeded' });
    const again = { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'S0' }], Default: 'End' };
    const looping = { ...chain(1_500, again), End: { Type: 'Succeed' } };
    expect(await endOf(looping)).toMatchObject({
      status: 'failed',
      error: 'States.Runtime',
      cause: expect.stringContaining('after 1501 states, or as much work, without waiting for anything'),
    });
  });

  test.each(['JSONata', 'JSONPath'])('so does an expression in %s that does too much', async (QueryLanguage) => {
    const States: JsonObject =
      QueryLanguage === 'JSONata'
        ? { A: { Type: 'Pass', Output: '{% $sum($map([1..200], function($n) { $n * 2 })) %}', End: true } }
        : { A: { Type: 'Pass', Parameters: { 'a.$': 'States.ArrayLength(States.ArrayUnique($.list))' }, End: true } };
    const document = documentOf({}, { definition: { QueryLanguage, StartAt: 'A', States } });
    const endWith = async (expressionSteps: number) => {
      const run = scenario(document, false, { limits: { ...DEFAULT_RUN_LIMITS, expressionSteps } });
      await run.start({ list: Array.from({ length: 200 }, (_, n) => n) });
      return run.state();
    };
    expect(await endWith(100_000)).toMatchObject({ status: 'succeeded' });
    expect(await endWith(100)).toMatchObject({
      status: 'failed',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('BATON_EXPRESSION_STEPS'),
    });
  });
});
