import type { Json, JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { documentOf, scenario, task } from '../testing/scenario.js';

/*
 * The language as a user meets it: whole definitions, driven to their end with workers that answer at once. What one
 * state does for itself is tested beside it.
 */

type Worker = (given: Json) => Json | { readonly error: string; readonly cause: string };
const workers: Readonly<Record<string, Worker>> = {
  echo: (given) => given,
  broken: () => ({ error: 'Broken', cause: 'it broke' }),
};
const isFailure = (answer: unknown): answer is { error: string; cause: string } =>
  typeof answer === 'object' && answer !== null && 'error' in answer && 'cause' in answer;

async function outcomeOf(States: JsonObject, input: JsonObject = {}) {
  const run = scenario(documentOf(States));
  await run.start(input);
  for (let row = run.open()[0]; row !== undefined; row = run.open()[0]) {
    const { commandId, queue, message, deadline } = row;
    const answer = workers[queue?.replace('worker-', '') ?? '']?.(message.arguments ?? null);
    if (answer === undefined) {
      run.passUntil(deadline ?? '');
      await run.when({ type: 'ExpireCommand', commandId });
    } else if (isFailure(answer)) await run.when({ type: 'FailTask', commandId, ...answer, retryable: true });
    else await run.when({ type: 'CompleteTask', commandId, output: answer });
  }
  const state = run.state();
  if (state.status === 'new') throw new Error('the run did not begin');
  const { status, output, error, cause } = state;
  return { status, output, error, cause };
}

const echo = (over: JsonObject = {}): JsonObject => task({ Resource: 'baton:worker:echo', ...over });
const broken = (over: JsonObject = {}): JsonObject => task({ Resource: 'baton:worker:broken', ...over });

describe('data', () => {
  test.each<[string, Json, Json]>([
    ['a constant', { a: [null, 0, 0.1, true, [], {}] }, { a: [null, 0, 0.1, true, [], {}] }],
    ['nothing', null, null],
    ['a text that only looks like an expression', ' {% $states.input %} ', ' {% $states.input %} '],
    ['an expression in a list in an object', { k: [{ l: '{% $states.input.n + 1 %}' }] }, { k: [{ l: 5 }] }],
    ['a quote', '{% $states.input.s & "\\"" %}', 'text"'],
    ['a regular expression', '{% $replace($states.input.s, /t(.)/, "$1T") %}', 'eTxt'],
    ['a merge', '{% $merge([$states.input, { "n": 1 }]) %}', { n: 1, s: 'text' }],
  ])('Arguments may be %s', async (_what, Arguments, output) => {
    expect(await outcomeOf({ A: echo({ Arguments }) }, { n: 4, s: 'text' })).toMatchObject({
      status: 'succeeded',
      output,
    });
  });

  test('a variable that is not there fails the run and says where', async () => {
    expect(await outcomeOf({ A: echo({ Arguments: { deep: ['{% $nope %}'] } }) })).toEqual({
      status: 'failed',
      output: null,
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'A'. The JSONata expression '$nope' specified for the field 'Arguments/deep/0' returned nothing (undefined).",
    });
  });
});

describe('control', () => {
  test('a loop counts in a variable until its Choice lets it out', async () => {
    const States = {
      Begin: { Type: 'Pass', Assign: { n: 0 }, Next: 'Work' },
      Work: echo({ Arguments: '{% $n %}', Assign: { n: '{% $states.result + 1 %}' }, Next: 'More' }),
      More: { Type: 'Choice', Choices: [{ Condition: '{% $n < 4 %}', Next: 'Work' }], Default: 'Done' },
      Done: { Type: 'Succeed', Output: { counted: '{% $n %}' } },
    };
    expect(await outcomeOf(States)).toMatchObject({ output: { counted: 4 } });
  });

  test('a run that waits goes on by itself', async () => {
    const States = {
      W: { Type: 'Wait', Timestamp: '{% $states.input.until %}', Next: 'Done' },
      Done: { Type: 'Succeed' },
    };
    expect(await outcomeOf(States, { until: '2030-01-01T00:00:00+01:00' })).toMatchObject({ status: 'succeeded' });
    expect(await outcomeOf(States, { until: '2001-01-01T00:00:00Z' })).toMatchObject({ status: 'succeeded' });
  });

  test('an error travels from a branch in a branch to the catcher that wants it', async () => {
    const inner = {
      StartAt: 'C',
      States: {
        C: broken({ Catch: [{ ErrorEquals: ['Other'], Next: 'D' }], Next: 'D' }),
        D: { Type: 'Pass', End: true },
      },
    };
    const middle = { StartAt: 'B', States: { B: { Type: 'Parallel', Branches: [inner], End: true } } };
    const Catch = [
      { ErrorEquals: ['Other'], Next: 'No' },
      {
        ErrorEquals: ['States.TaskFailed'],
        Output: '{% $states.errorOutput.Error & " of " & $states.input.who %}',
        Next: 'Yes',
      },
    ];
    const States = {
      A: { Type: 'Parallel', Branches: [middle], Catch, Next: 'No' },
      No: { Type: 'Fail' },
      Yes: { Type: 'Succeed' },
    };
    expect(await outcomeOf(States, { who: 'Ada' })).toMatchObject({ status: 'succeeded', output: 'Broken of Ada' });
  });

  test('retries are used up before the catcher is asked', async () => {
    const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 3 }];
    const Catch = [
      { ErrorEquals: ['States.ALL'], Assign: { tries: '{% $states.context.State.RetryCount %}' }, Next: 'Done' },
    ];
    const States = { A: broken({ Retry, Catch, Next: 'Done' }), Done: { Type: 'Succeed', Output: '{% $tries %}' } };
    expect(await outcomeOf(States)).toMatchObject({ output: 3 });
  });

  test('Fail inside a branch fails the Parallel with its own words', async () => {
    const branch = {
      StartAt: 'F',
      States: { F: { Type: 'Fail', Error: 'Mine', Cause: '{% "no " & $states.input.what %}' } },
    };
    const outcome = await outcomeOf({ P: { Type: 'Parallel', Branches: [branch], End: true } }, { what: 'luck' });
    expect(outcome).toMatchObject({ status: 'failed', error: 'Mine', cause: 'no luck' });
  });
});

describe('a Fail state in JSONPath', () => {
  const failing = async (over: JsonObject, input: JsonObject = {}) => {
    const run = scenario(documentOf({}, { definition: { StartAt: 'F', States: { F: { Type: 'Fail', ...over } } } }));
    await run.start(input);
    return run.state();
  };
  const x = [{ a: 1 }, [1], null, 5, true] as const;

  test.each(['ErrorPath', 'CausePath'])('takes a text from its %s, and nothing else', async (field) => {
    for (const value of x) {
      expect(await failing({ [field]: '$.v' }, { v: value })).toMatchObject({
        status: 'failed',
        error: 'States.Runtime',
        cause: expect.stringContaining(`The ${field} field must refer to a text, but $.v is ${JSON.stringify(value)}`),
      });
    }
  });

  test('takes the text of an intrinsic function', async () => {
    expect(
      await failing({ ErrorPath: "States.Format('E{}', $.n)", CausePath: 'States.JsonToString($)' }, { n: 1 }),
    ).toMatchObject({ error: 'E1', cause: '{"n":1}' });
  });
});
