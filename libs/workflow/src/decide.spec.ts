import { describe, expect, test } from 'vitest';
import { documentOf, RUN_ID, START_MS, scenario, task, typesOf } from './testing/scenario.js';

const isoAfter = (ms: number): string => new Date(START_MS + ms).toISOString();
const one = documentOf({ Work: task({ Arguments: { q: '{% $states.input.q %}' }, TimeoutSeconds: 60 }) });

describe('a run of one task', () => {
  test('starts by asking the worker, and ends with its result', async () => {
    const run = scenario(one);
    const started = await run.start({ q: 5 });
    expect(typesOf(started)).toEqual(['RunStarted', 'FrameStarted', 'StateEntered', 'TaskScheduled']);
    expect(run.commandOf('Work')).toMatchObject({
      commandId: `${RUN_ID}-1`,
      queue: 'worker-planner',
      name: 'task',
      deadline: isoAfter(60_000),
      notBefore: null,
      message: { arguments: { q: 5 }, state: 'Work', attempt: 1, id: `c-${RUN_ID}-1`, runId: RUN_ID, step: 0 },
    });
    const ended = await run.succeed('Work', { answer: 42 });
    expect(typesOf(ended)).toEqual(['TaskSucceeded', 'StateExited', 'FrameEnded', 'RunSucceeded']);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { answer: 42 } });
  });

  test('keeps what the worker tells about its model', async () => {
    const run = scenario(one);
    await run.start({ q: 1 });
    const facts = {
      usage: { inputTokens: 3, outputTokens: 4, costUsd: null },
      model: 'offline',
      journal: { calls: 1, replayed: 0 },
      cachedFrom: { commandId: `${RUN_ID}-0`, at: '2026-11-27T10:00:00.000Z' },
    };
    const events = await run.when({ type: 'CompleteTask', commandId: `${RUN_ID}-1`, output: 1, ...facts });
    expect(events[0]?.data).toMatchObject(facts);
  });
});

describe('what is no longer relevant changes nothing', () => {
  test('a second start', async () => {
    const run = scenario(one);
    await run.start({ q: 1 });
    expect(await run.start({ q: 2 })).toEqual([]);
  });

  test('a second result, and a result after the end', async () => {
    const run = scenario(documentOf({ A: task({ Next: 'B' }), B: task() }));
    await run.start();
    const first = { type: 'CompleteTask', commandId: `${RUN_ID}-1`, output: 1 } as const;
    await run.when(first);
    expect(await run.when(first)).toEqual([]);
    await run.succeed('B');
    const late = { type: 'FailTask', commandId: `${RUN_ID}-2`, error: 'E', cause: '', retryable: true } as const;
    expect(await run.when(late)).toEqual([]);
  });

  test('a command of a run that never began, and one that was never issued', async () => {
    const run = scenario(one);
    expect(await run.when({ type: 'CompleteTask', commandId: `${RUN_ID}-1`, output: 1 })).toEqual([]);
    expect(await run.cancel()).toEqual([]);
    await run.start({ q: 1 });
    expect(await run.when({ type: 'CompleteTask', commandId: `${RUN_ID}-9`, output: 1 })).toEqual([]);
  });

  test('a deadline before its time, and one that there is not', async () => {
    const run = scenario(documentOf({ A: task({ TimeoutSeconds: 60, Next: 'B' }), B: task() }));
    await run.start();
    run.pass(59_999);
    expect(await run.when({ type: 'ExpireCommand', commandId: `${RUN_ID}-1` })).toEqual([]);
    await run.succeed('A');
    run.pass(10 ** 9);
    expect(await run.when({ type: 'ExpireCommand', commandId: `${RUN_ID}-2` })).toEqual([]);
  });

  test('a result for a timer', async () => {
    const run = scenario(documentOf({ W: { Type: 'Wait', Seconds: 5, End: true } }));
    await run.start();
    expect(await run.when({ type: 'CompleteTask', commandId: `${RUN_ID}-1`, output: 1 })).toEqual([]);
  });
});

describe('variables, output and arguments', () => {
  test('Assign and Output see the variables as they were before the state', async () => {
    const run = scenario(
      documentOf({
        A: { Type: 'Pass', Assign: { n: 1 }, Next: 'B' },
        B: { Type: 'Pass', Assign: { n: '{% $n + 1 %}', old: '{% $n %}' }, Output: { n: '{% $n %}' }, Next: 'C' },
        C: { Type: 'Pass', Output: { n: '{% $n %}', old: '{% $old %}', input: '{% $states.input %}' }, End: true },
      }),
    );
    await run.start({ ignored: true });
    expect(run.state()).toMatchObject({ output: { n: 2, old: 1, input: { n: 1 } } });
  });

  test('without Arguments and Output a task gets its input and gives its result', async () => {
    const run = scenario(documentOf({ A: task({ Next: 'B' }), B: task() }));
    await run.start({ from: 'user' });
    expect(run.commandOf('A').message).toMatchObject({ arguments: { from: 'user' } });
    await run.succeed('A', ['result']);
    expect(run.commandOf('B').message).toMatchObject({ arguments: ['result'] });
  });

  test("a step's template goes with object arguments that name none", async () => {
    const steps = Object.fromEntries(
      ['A', 'B', 'C'].map((name) => [name, { number: 3, title: 'T', template: 'mine' }]),
    );
    const run = scenario(
      documentOf(
        {
          A: task({ Arguments: { a: 1 }, Next: 'B' }),
          B: task({ Arguments: { template: 'own' }, Next: 'C' }),
          C: task({ Arguments: [1] }),
        },
        { steps },
      ),
    );
    await run.start();
    expect(run.commandOf('A').message).toMatchObject({ arguments: { template: 'mine', a: 1 }, step: 3 });
    await run.succeed('A');
    expect(run.commandOf('B').message.arguments).toEqual({ template: 'own' });
    await run.succeed('B');
    expect(run.commandOf('C').message.arguments).toEqual([1]);
  });

  test('time limits can be expressions, and a wrong one fails the state', async () => {
    const limit = (TimeoutSeconds: string) => documentOf({ A: task({ TimeoutSeconds, HeartbeatSeconds: '{% 7 %}' }) });
    const run = scenario(limit('{% $states.input.limit * 2 %}'));
    await run.start({ limit: 15 });
    expect(run.commandOf('A')).toMatchObject({ deadline: isoAfter(30_000), message: { heartbeatSeconds: 7 } });
    const wrong = scenario(limit('{% "soon" %}'));
    await wrong.start();
    expect(wrong.state()).toMatchObject({ status: 'failed', error: 'States.QueryEvaluationError' });
  });

  test('a fresh id is the same when the decision is taken again, and another in the next state', async () => {
    const draw = { Type: 'Pass', Output: { before: '{% $states.input %}', id: '{% $uuid() %}', at: '{% $now() %}' } };
    const run = scenario(documentOf({ A: { ...draw, Next: 'B' }, B: { ...draw, End: true } }));
    await run.start();
    const [first, second] = run.eventsOf('StateExited').map(({ data: { output } }) => JSON.stringify(output));
    expect(first).toContain(isoAfter(0));
    expect(first?.slice(-60)).not.toBe(second?.slice(-60));
  });
});

describe('Choice', () => {
  const States = {
    Pick: {
      Type: 'Choice',
      Assign: { by: 'default' },
      Output: 'default output',
      Choices: [
        { Condition: '{% $states.input.n > 10 %}', Next: 'Big', Assign: { by: 'first' }, Output: 'first output' },
        { Condition: '{% $states.input.n > 5 %}', Next: 'Big' },
      ],
      Default: 'Small',
    },
    Big: { Type: 'Pass', Output: ['big', '{% $exists($by) ? $by : "nobody" %}', '{% $states.input %}'], End: true },
    Small: { Type: 'Pass', Output: ['small', '{% $by %}', '{% $states.input %}'], End: true },
  };

  test.each([
    [20, ['big', 'first', 'first output']],
    [7, ['big', 'nobody', { n: 7 }]],
    [1, ['small', 'default', 'default output']],
  ])('takes the first rule that holds, or the default: %s', async (n, output) => {
    const run = scenario(documentOf(States));
    await run.start({ n });
    expect(run.state()).toMatchObject({ status: 'succeeded', output });
  });

  test('fails where no rule holds and there is no default', async () => {
    const run = scenario(documentOf({ Pick: { ...States.Pick, Default: 'Big' }, Big: States.Big }));
    const without = scenario(
      documentOf({ Pick: { Type: 'Choice', Choices: [{ Condition: false, Next: 'Big' }] }, Big: { Type: 'Succeed' } }),
    );
    await run.start({ n: 0 });
    expect(run.state()).toMatchObject({ status: 'succeeded' });
    await without.start();
    expect(without.state()).toMatchObject({ status: 'failed', error: 'States.NoChoiceMatched' });
  });

  test('fails where a condition gives no boolean', async () => {
    const run = scenario(
      documentOf({
        Pick: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'End' }], Default: 'End' },
        End: { Type: 'Succeed' },
      }),
    );
    await run.start();
    expect(run.state()).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'Pick'"),
    });
  });
});

describe('Wait and Fail', () => {
  test('a Wait passes its input on when its time has come', async () => {
    const run = scenario(documentOf({ W: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } }));
    await run.start({ s: 90 });
    expect(run.commandOf('W')).toMatchObject({ queue: null, deadline: isoAfter(90_000) });
    expect(typesOf(await run.expire('W'))).toEqual(['TimerFired', 'StateExited', 'FrameEnded', 'RunSucceeded']);
    expect(run.state()).toMatchObject({ output: { s: 90 } });
  });

  test.each(['2016-12-05 21:29:29Z', '05-12-2016T21:29:29Z', '2016-12-05T21:29:29'])(
    'a wrong time fails: %s',
    async (at) => {
      const run = scenario(documentOf({ W: { Type: 'Wait', Timestamp: '{% $states.input.at %}', End: true } }));
      await run.start({ at });
      expect(run.state()).toMatchObject({ error: 'States.QueryEvaluationError', cause: expect.stringContaining(at) });
    },
  );

  test('Fail takes error and cause from expressions, or has none', async () => {
    const run = scenario(
      documentOf({ F: { Type: 'Fail', Error: '{% $states.input.e %}', Cause: '{% "of " & $states.input.e %}' } }),
    );
    await run.start({ e: 'Mine' });
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Mine', cause: 'of Mine' });
    const bare = scenario(documentOf({ F: { Type: 'Fail' } }));
    await bare.start();
    expect(bare.state()).toMatchObject({ status: 'failed', error: '', cause: '' });
  });
});

test('a loop that waits for nothing fails the run and nothing else', async () => {
  const run = scenario(
    documentOf({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Condition: false, Next: 'C' }], Default: 'A' },
      C: { Type: 'Succeed' },
    }),
  );
  await run.start();
  expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Runtime' });
  expect(run.log().length).toBeLessThan(2_100);
});

test('a state that fails in a costly way and is caught by itself fails the run', async () => {
  const endless = '{% ($f := function($i) { $f($i + 1) }; $f(0)) %}';
  const run = scenario(
    documentOf({ A: task({ Arguments: endless, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'A' }] }) }),
  );
  await run.start();
  expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Runtime' });
  expect(run.eventsOf('ErrorCaught').length).toBeLessThan(50);
});

test('a definition that cannot run fails the run with what is wrong', async () => {
  const run = scenario({ ...one, definition: { StartAt: 'A', States: { A: { Type: 'Pass' } } } });
  expect(typesOf(await run.start())).toEqual(['RunStarted', 'RunFailed']);
  expect(run.state()).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining('/States/A') });
});
