import type { Json, JsonObject } from '@baton/contracts';
import { commandIdOf, tokenMark } from '@baton/contracts';
import { expect, test } from 'vitest';
import { parseResource } from '../document/resource.js';
import { documentOf, RUN_ID, type Scenario, scenario, task, typesOf } from '../testing/scenario.js';

const LAMBDA = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
const waiting = (over: JsonObject = {}): JsonObject =>
  task({
    Resource: 'baton:worker:mailer.waitForTaskToken',
    Arguments: { to: '{% $states.context.Task.Token %}' },
    ...over,
  });

async function started(states: JsonObject): Promise<Scenario> {
  const run = scenario(documentOf(states));
  await run.start();
  return run;
}

const answer = (run: Scenario, output: Json, name = 'A') =>
  run.when({ type: 'CompleteTask', commandId: run.commandOf(name).commandId, output, byToken: 'request-9' });
const refuse = (run: Scenario, error: string, name = 'A') => {
  const { commandId } = run.commandOf(name);
  return run.when({ type: 'FailTask', commandId, error, cause: 'no', retryable: true, byToken: 'request-9' });
};

test('a resource that waits for a task token asks a worker, by its kind or by the name of a service', () => {
  const resources: [string, string, boolean][] = [
    ['baton:worker:mailer.waitForTaskToken', 'mailer', true],
    [LAMBDA, 'lambda-invoke', true],
    ['arn:aws-us-gov:states:::lambda:invoke', 'lambda-invoke', false],
    ['arn:aws:states:::sqs:sendMessage.waitForTaskToken', 'sqs-send-message', true],
    ['arn:aws:states:::http:invoke', 'http', false],
    ['baton:http', 'http', false],
  ];
  for (const [text, kind, hasToken] of resources) {
    expect(parseResource(text)).toEqual({ type: 'worker', kind, ...(hasToken ? { hasToken } : {}) });
  }
  for (const text of [
    'arn:aws:states:::http:invoke.waitForTaskToken',
    'arn:aws:states:::dynamodb:getItem',
    'baton:http.waitForTaskToken',
    'baton:worker:http.waitForTaskToken',
    'baton:approval.waitForTaskToken',
    'baton:worker:mailer.waitForTaskToken.waitForTaskToken',
  ]) {
    expect(parseResource(text)).toBeNull();
  }
});

test('the log has a mark where the task has its token', async () => {
  const run = await started({ A: waiting() });
  const { commandId, message } = run.commandOf('A');
  expect(commandId).toBe(commandIdOf(RUN_ID, 1));
  expect(message).toMatchObject({ arguments: { to: tokenMark(commandId) }, taskToken: tokenMark(commandId) });
  expect(run.eventsOf('TaskScheduled')[0]?.data.arguments).toEqual({ to: tokenMark(commandId) });
});

test('in JSONPath the token is at $$.Task.Token', async () => {
  const run = await started({
    A: task({ Resource: LAMBDA, QueryLanguage: 'JSONPath', Parameters: { FunctionName: 'f', 'Payload.$': '$$.Task' } }),
  }).catch(() => null);
  // A definition in JSONata has no state in JSONPath.
  expect(run).toBeNull();
  const paths = scenario(
    documentOf(
      {},
      {
        definition: {
          StartAt: 'A',
          States: { A: task({ Resource: LAMBDA, Parameters: { FunctionName: 'f', 'Payload.$': '$$.Task' } }) },
        },
      },
    ),
  );
  await paths.start();
  const { commandId, message } = paths.commandOf('A');
  expect(message.arguments).toEqual({ FunctionName: 'f', Payload: { Token: tokenMark(commandId) } });
});

test('what the worker gives does not end the state, and what comes by the token does', async () => {
  const run = await started({ A: waiting() });
  expect(typesOf(await run.succeed('A', { sent: true }))).toEqual(['TaskSubmitted']);
  expect(run.commandOf('A')).toMatchObject({ queue: null, name: 'token' });
  // It did its part once.
  expect(await run.succeed('A')).toEqual([]);
  expect(await run.fail('A', 'TooLate')).toEqual([]);
  await answer(run, { price: 3 });
  expect(run.state()).toMatchObject({ status: 'succeeded', output: { price: 3 } });
  expect(run.eventsOf('TaskSucceeded')[0]?.data).toMatchObject({ output: { price: 3 }, requestId: 'request-9' });
});

test('an answer by the token may come before the worker is done', async () => {
  const run = await started({ A: waiting() });
  await answer(run, 7);
  expect(run.state()).toMatchObject({ status: 'succeeded', output: 7 });
});

test('where the worker fails the state fails', async () => {
  const run = await started({ A: waiting() });
  await run.fail('A', 'Lambda.Unknown');
  expect(run.state()).toMatchObject({ status: 'failed', error: 'Lambda.Unknown' });
});

test('a failure by the token is retried under another token', async () => {
  const run = await started({ A: waiting({ Retry: [{ ErrorEquals: ['NoStock'], MaxAttempts: 1 }] }) });
  await run.succeed('A');
  const { commandId: before } = run.commandOf('A');
  await refuse(run, 'NoStock');
  const { commandId } = run.commandOf('A');
  expect(commandId).not.toBe(before);
  expect(run.commandOf('A').message.arguments).toEqual({ to: tokenMark(commandId) });
  // The one before is worth nothing.
  expect(await run.when({ type: 'CompleteTask', commandId: before, output: 1, byToken: 'late' })).toEqual([]);
  await refuse(run, 'NoStock');
  expect(run.state()).toMatchObject({ status: 'failed', error: 'NoStock', cause: 'no' });
});

test('time and heartbeats go on after the worker has done its part', async () => {
  const run = await started({ A: waiting({ TimeoutSeconds: 60, HeartbeatSeconds: 10 }) });
  const { deadline } = run.commandOf('A');
  await run.succeed('A');
  expect(run.commandOf('A')).toMatchObject({ deadline, heartbeatSeconds: 10 });
  await run.expire('A');
  expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Timeout' });

  const silent = await started({ A: waiting({ HeartbeatSeconds: 10 }) });
  await silent.succeed('A');
  await silent.when({ type: 'ExpireCommand', commandId: silent.commandOf('A').commandId, isSilent: true });
  expect(silent.state()).toMatchObject({ status: 'failed', error: 'States.HeartbeatTimeout' });
});

test('what the worker used is counted, and what it did not is given back', async () => {
  const run = scenario(documentOf({ A: waiting() }, { budget: { usd: 5 } }));
  await run.start();
  const usage = { inputTokens: 10, outputTokens: 5, costUsd: 0.5 };
  await run.succeed('A', {}, { usage });
  const state = run.state();
  if (state.status === 'new') throw new Error('it has not begun');
  expect(state.spent.tokens).toBe(15);
  expect(state.reserved).toEqual({ microUsd: 0, tokens: 0 });
});

test('no other task is answered by a token', async () => {
  const run = await started({ A: task() });
  expect(await answer(run, 1)).toEqual([]);
  const asks = await started({ A: task({ Resource: 'baton:approval', Arguments: { title: 'Go?' } }) });
  expect(await answer(asks, 1)).toEqual([]);
});

test('a token is answered while the run is paused, and acted on when it goes on', async () => {
  const run = await started({ A: waiting() });
  await run.pause();
  expect(typesOf(await answer(run, 1))).toEqual(['TaskSucceeded']);
  await run.resume();
  expect(run.state()).toMatchObject({ status: 'succeeded', output: 1 });
});

test('only where the task is asked for there is a token', async () => {
  const run = await started({ A: waiting({ Output: '{% $exists($states.context.Task) %}' }) });
  await answer(run, 1);
  expect(run.state()).toMatchObject({ status: 'succeeded', output: false });
});

test('a run that was retried knows how often and since when, and one that was not does not', async () => {
  const says = '{% {"execution": $states.context.Execution, "tries": $states.context.State.RetryCount} %}';
  const run = scenario(documentOf({ A: task({ Arguments: says }) }));
  await run.start();
  const first = run.commandOf('A').message.arguments;
  expect(first).toMatchObject({ execution: { RedriveCount: 0, StartTime: '2026-11-21T12:00:00.000Z' }, tries: 0 });
  expect(first).not.toHaveProperty('execution.RedriveTime');
  await run.fail('A', 'E');
  run.pass(60_000);
  await run.retry();
  expect(run.commandOf('A').message.arguments).toMatchObject({
    execution: { RedriveCount: 1, RedriveTime: '2026-11-21T12:01:00.000Z', StartTime: '2026-11-21T12:00:00.000Z' },
  });
});
