import { describe, expect, test } from 'vitest';
import { documentOf, START_MS, scenario, task, typesOf } from '../testing/scenario.js';

const isoAfter = (ms: number): string => new Date(START_MS + ms).toISOString();
const caught = { Type: 'Pass', Output: { caught: '{% $states.input %}' }, End: true };

describe('Retry of a task', () => {
  const document = documentOf({
    Work: task({
      TimeoutSeconds: 60,
      Retry: [
        { ErrorEquals: ['Soon'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 2 },
        { ErrorEquals: ['States.Timeout'], IntervalSeconds: 5, MaxAttempts: 1 },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
    }),
    Caught: caught,
  });

  test('sends the task again under a new command, to begin after the wait', async () => {
    const run = scenario(document);
    await run.start();
    const first = run.commandOf('Work');
    expect(typesOf(await run.fail('Work', 'Soon'))).toEqual(['TaskFailed', 'StateRetried', 'TaskScheduled']);
    const second = run.commandOf('Work');
    expect(second.commandId).not.toBe(first.commandId);
    expect(second).toMatchObject({
      notBefore: isoAfter(2_000),
      // The limit counts from when the worker may begin.
      deadline: isoAfter(62_000),
      message: { attempt: 2 },
    });
    await run.fail('Work', 'Soon');
    expect(run.commandOf('Work')).toMatchObject({ notBefore: isoAfter(6_000), message: { attempt: 3 } });
  });

  test('gives up when the retrier that matches is used up, and catches', async () => {
    const run = scenario(document);
    await run.start();
    for (let i = 0; i < 3; i += 1) await run.fail('Work', 'Soon', `try ${i + 1}`);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { caught: { Error: 'Soon', Cause: 'try 3' } } });
  });

  test('each retrier counts for itself', async () => {
    const run = scenario(document);
    await run.start();
    await run.fail('Work', 'Soon');
    await run.expire('Work');
    await run.fail('Work', 'Soon');
    expect(run.commandOf('Work').message).toMatchObject({ attempt: 4 });
    await run.expire('Work');
    expect(run.state()).toMatchObject({ output: { caught: { Error: 'States.Timeout' } } });
  });

  test('is skipped when the worker knows that trying again cannot help', async () => {
    const run = scenario(document);
    await run.start();
    const events = await run.fail('Work', 'Soon', 'never', false);
    expect(typesOf(events).slice(0, 3)).toEqual(['TaskFailed', 'DecisionMade', 'ErrorCaught']);
  });

  test('a task that runs out of time is late once, and its result then changes nothing', async () => {
    const run = scenario(document);
    await run.start();
    const { commandId } = run.commandOf('Work');
    expect(typesOf(await run.expire('Work'))).toEqual(['TaskTimedOut', 'StateRetried', 'TaskScheduled']);
    expect(await run.when({ type: 'CompleteTask', commandId, output: 1 })).toEqual([]);
  });

  test('jitter stays below the full wait and is the same every time the decision is taken', async () => {
    const retrier = { ErrorEquals: ['States.ALL'], IntervalSeconds: 100, JitterStrategy: 'FULL' };
    const run = scenario(documentOf({ Work: task({ Retry: [retrier] }) }));
    await run.start();
    await run.fail('Work', 'Any');
    const waitMs = Date.parse(run.commandOf('Work').notBefore ?? '') - START_MS;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThan(100_000);
  });

  test('expressions that fail are retried by a timer, because there is no task to hold back', async () => {
    const run = scenario(
      documentOf({
        Work: task({
          Arguments: '{% $missing %}',
          Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], IntervalSeconds: 4, MaxAttempts: 1 }],
        }),
      }),
    );
    expect(typesOf(await run.start()).slice(-2)).toEqual(['StateRetried', 'TimerScheduled']);
    expect(run.commandOf('Work')).toMatchObject({ queue: null, deadline: isoAfter(4_000) });
    await run.expire('Work');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.QueryEvaluationError' });
  });

  test('the context counts retries', async () => {
    const retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }];
    const run = scenario(documentOf({ Work: task({ Arguments: '{% $states.context.State %}', Retry: retry }) }));
    await run.start();
    await run.fail('Work', 'Any');
    expect(run.commandOf('Work').message.arguments).toEqual({
      Name: 'Work',
      EnteredTime: '2026-11-21T12:00:00.000Z',
      RetryCount: 1,
    });
  });
});

describe('Catch', () => {
  const catching = (catcher: object) =>
    documentOf({
      Work: task({ Catch: [{ ErrorEquals: ['Mine'], Next: 'Caught', ...catcher }], Assign: { never: 1 } }),
      Caught: { ...caught, Output: { input: '{% $states.input %}', saved: '{% $exists($saved) ? $saved : null %}' } },
    });

  test('gives error and cause to its Output and Assign', async () => {
    const run = scenario(
      catching({
        Output: { was: '{% $states.input %}', error: '{% $states.errorOutput.Error %}' },
        Assign: { saved: '{% $states.errorOutput.Cause %}' },
      }),
    );
    await run.start({ x: 1 });
    await run.fail('Work', 'Mine', 'the cause');
    expect(run.state()).toMatchObject({ output: { input: { was: { x: 1 }, error: 'Mine' }, saved: 'the cause' } });
  });

  test('lets other errors pass: the run fails with them', async () => {
    const run = scenario(catching({}));
    await run.start();
    const events = await run.fail('Work', 'Other', 'the cause');
    expect(typesOf(events)).toEqual(['TaskFailed', 'DecisionMade', 'StateFailed', 'FrameAborted', 'RunFailed']);
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Other', cause: 'the cause' });
  });

  test('what fails while catching is not caught again', async () => {
    const run = scenario(catching({ ErrorEquals: ['States.ALL'], Output: '{% $missing %}' }));
    await run.start();
    await run.fail('Work', 'Mine');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.QueryEvaluationError' });
  });

  test('States.ALL does not catch what the language calls terminal', async () => {
    const run = scenario(catching({ ErrorEquals: ['States.ALL'] }));
    await run.start();
    await run.fail('Work', 'States.Runtime');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Runtime' });
  });

  test('an Output that fails after the task succeeded goes the same way', async () => {
    const run = scenario(
      documentOf({
        Work: task({
          Output: '{% $states.result.missing %}',
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        }),
        Caught: caught,
      }),
    );
    await run.start();
    await run.succeed('Work', {});
    expect(run.state()).toMatchObject({ output: { caught: { Error: 'States.QueryEvaluationError' } } });
  });
});
