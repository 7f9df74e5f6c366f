import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { documentOf, scenario, task } from '../../testing/scenario.js';

/** A document whose states are in JSONPath mode. */
const jsonPath = (States: JsonObject, over: JsonObject = {}) =>
  documentOf({}, { definition: { StartAt: Object.keys(States)[0] ?? '', States, ...over } });

describe('a state in JSONPath mode', () => {
  test('filters its input, shapes its result, and puts it into the raw input', async () => {
    const run = scenario(
      jsonPath({
        Work: task({
          InputPath: '$.order',
          Parameters: { 'id.$': '$.id', 'by.$': '$$.State.Name' },
          ResultSelector: { 'total.$': '$.sum' },
          ResultPath: '$.order.result',
          OutputPath: '$.order',
        }),
      }),
    );
    await run.start({ order: { id: 7 }, rest: true });
    expect(run.commandOf('Work').message.arguments).toEqual({ id: 7, by: 'Work' });
    await run.succeed('Work', { sum: 3, noise: 1 });
    expect(run.state()).toMatchObject({ output: { id: 7, result: { total: 3 } } });
  });

  test('assigns from its result, and its OutputPath still sees the variables as they were', async () => {
    const run = scenario(
      jsonPath({
        First: { Type: 'Pass', Result: { n: 1 }, Assign: { 'n.$': '$.n' }, Next: 'Second' },
        Second: { Type: 'Pass', Result: { n: 2 }, Assign: { 'n.$': '$.n' }, OutputPath: '$n', Next: 'Third' },
        Third: { Type: 'Pass', Parameters: { 'before.$': '$', 'now.$': '$n' }, End: true },
      }),
    );
    await run.start();
    expect(run.state()).toMatchObject({ output: { before: 1, now: 2 } });
  });

  test('puts a caught error where its catcher says', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Done' }];
    const run = scenario(jsonPath({ Work: task({ Catch, Next: 'Done' }), Done: { Type: 'Succeed' } }));
    await run.start({ keep: 1 });
    await run.fail('Work', 'Weather', 'rain');
    expect(run.state()).toMatchObject({ output: { keep: 1, error: { Error: 'Weather', Cause: 'rain' } } });
  });
});

describe('a number that a path leads to', () => {
  const item = { StartAt: 'B', States: { B: task() } };
  const map = (over: JsonObject): JsonObject => ({
    Type: 'Map',
    ItemsPath: '$.list',
    ItemProcessor: item,
    End: true,
    ...over,
  });

  test.each(['2', '+2', 2])('may be a text that is one: %j', async (n) => {
    const run = scenario(
      jsonPath({ Each: map({ MaxConcurrencyPath: '$.n', ToleratedFailurePercentagePath: '$.half' }) }),
    );
    await run.start({ list: [1, 2, 3], n, half: '50.5' });
    expect(run.open()).toHaveLength(2);
    const wait = scenario(jsonPath({ W: { Type: 'Wait', SecondsPath: '$.n', End: true } }));
    await wait.start({ n });
    expect(wait.state()).toMatchObject({ status: 'running' });
    const work = scenario(jsonPath({ Work: task({ TimeoutSecondsPath: '$.n' }) }));
    await work.start({ n });
    expect(work.commandOf('Work').deadline).not.toBeNull();
    const batched = scenario(jsonPath({ Each: map({ ItemBatcher: { MaxItemsPerBatchPath: '$.n' } }) }));
    await batched.start({ list: [1, 2, 3], n });
    expect(batched.open()).toHaveLength(2);
  });

  test.each(['', ' 2', '2x', '0x2', '1.5', '-1', 'NaN', true, null, [2]])('but nothing else: %j', async (n) => {
    const run = scenario(jsonPath({ Each: map({ MaxConcurrencyPath: '$.n' }) }));
    await run.start({ list: [1], n });
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Runtime' });
  });
});

test.each(['Map', 'Parallel'])('a %s without Retry was retried 0 times, as its context says', async (Type) => {
  const inner = { StartAt: 'B', States: { B: { Type: 'Pass', End: true } } };
  const of = Type === 'Map' ? { ItemsPath: '$.list', ItemProcessor: inner } : { Branches: [inner] };
  const run = scenario(jsonPath({ A: { Type, ...of, ResultSelector: { 'n.$': '$$.State.RetryCount' }, End: true } }));
  await run.start({ list: [1] });
  expect(run.state()).toMatchObject({ status: 'succeeded', output: { n: 0 } });
});

describe('what goes wrong in JSONPath mode', () => {
  const catchAll = [{ ErrorEquals: ['States.ALL', 'States.Runtime'].slice(0, 1), Next: 'Done' }];
  const done = { Done: { Type: 'Succeed' } };

  test('a path that leads nowhere ends the run, past every catcher around it', async () => {
    const branch = { StartAt: 'B', States: { B: { Type: 'Pass', InputPath: '$.nope', End: true } } };
    const run = scenario(
      jsonPath({ P: { Type: 'Parallel', Branches: [branch], Catch: catchAll, Next: 'Done' }, ...done }),
    );
    await run.start();
    expect(run.state()).toMatchObject({
      status: 'failed',
      error: 'States.Runtime',
      cause: expect.stringContaining("'B'"),
    });
  });

  test('an intrinsic function that fails can be caught', async () => {
    const Parameters = { 'x.$': "States.StringToJson('{')" };
    const run = scenario(jsonPath({ Work: task({ Parameters, Catch: catchAll, Next: 'Done' }), ...done }));
    await run.start();
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'States.IntrinsicFailure' } });
  });

  test('a result that does not fit into the input can be caught', async () => {
    const run = scenario(jsonPath({ Work: task({ ResultPath: '$.a.b', Catch: catchAll, Next: 'Done' }), ...done }));
    await run.start({ a: 1 });
    await run.succeed('Work');
    expect(run.state()).toMatchObject({ output: { Error: 'States.ResultPathMatchFailure' } });
  });

  test('an output that grows in a loop is stopped', async () => {
    const States = {
      Double: { Type: 'Pass', ResultPath: '$.again', Next: 'More' },
      More: { Type: 'Choice', Choices: [{ Variable: '$.never', IsPresent: true, Next: 'End' }], Default: 'Double' },
      End: { Type: 'Succeed' },
    };
    // The limit that the hub runs under.
    const run = scenario(jsonPath(States), false, { maxPayloadBytes: 4 * 1024 * 1024 });
    await run.start({ text: 'x'.repeat(200_000) });
    expect(run.state()).toMatchObject({ status: 'failed', error: expect.stringMatching(/^States\./) });
  });
});

describe('limits of a run', () => {
  test('its time is up at the instant its definition says, whatever it waits for', async () => {
    const run = scenario(jsonPath({ Work: task({ TimeoutSeconds: 600 }) }, { TimeoutSeconds: 60 }));
    await run.start();
    expect(run.commandOf('Work').deadline).toBe('2026-11-21T12:01:00.000Z');
    await run.expire('Work');
    expect(run.state()).toMatchObject({
      status: 'failed',
      error: 'States.Timeout',
      cause: expect.stringContaining('60'),
    });
  });

  test('a wait beyond that time ends with it', async () => {
    const run = scenario(jsonPath({ W: { Type: 'Wait', Seconds: 3600, End: true } }, { TimeoutSeconds: 60 }));
    await run.start();
    await run.expire('W');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Timeout' });
  });

  test('a result beyond the limit in bytes fails the task, and States.ALL catches that', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Done' }];
    const States = { Work: task({ Catch, Next: 'Done' }), Done: { Type: 'Succeed' } };
    const run = scenario(jsonPath(States), true, { maxPayloadBytes: 300 });
    await run.start();
    await run.succeed('Work', 'ż'.repeat(150));
    expect(run.eventsOf('TaskFailed')).toHaveLength(1);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'States.DataLimitExceeded' } });
  });

  test('so does an output of a state that is beyond it', async () => {
    const Parameters = { 'a.$': '$', 'b.$': '$' };
    const run = scenario(jsonPath({ P: { Type: 'Pass', Parameters, End: true } }), true, { maxPayloadBytes: 100 });
    await run.start({ text: 'x'.repeat(60) });
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.DataLimitExceeded' });
  });
});
