import type { Json } from '@baton/contracts';
import { expect, test } from 'vitest';
import { cutAt } from '../../cuts/run-cut.js';
import { documentOf, RUN_ID, type Scenario, scenario, task, typesOf } from '../../testing/scenario.js';

/* Advice in shadow that is still out when its run ends: it is recorded when it comes, and nothing follows from it. */

const advice = (move: string): Json => ({ move, rationale: 'so', confidence: 0.8, concerns: [] });
const advise = (run: Scenario, move: string) =>
  run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output: advice(move) });

/** A run in shadow whose only task failed for good, with a question to the advisor about it. */
async function failed(): Promise<Scenario> {
  const run = scenario(documentOf({ Work: task() }, { decisions: { mode: 'shadow' } }));
  await run.start();
  await run.fail('Work', 'Weather', 'rain', false);
  expect(run.state().status).toBe('failed');
  return run;
}

test('is recorded, once', async () => {
  const run = await failed();
  const { commandId } = run.advisor();
  expect(typesOf(await advise(run, 'human'))).toEqual(['AdviceGiven']);
  expect(run.open()).toEqual([]);
  expect(await run.when({ type: 'CompleteTask', commandId, output: advice('human') })).toEqual([]);
  expect(run.state()).toMatchObject({ status: 'failed', error: 'Weather' });
});

test('that never comes is recorded as that, when its time is up', async () => {
  const run = await failed();
  const { commandId, deadline } = run.advisor();
  expect(await run.when({ type: 'ExpireCommand', commandId })).toEqual([]);
  run.passUntil(deadline ?? '');
  expect(typesOf(await run.when({ type: 'ExpireCommand', commandId }))).toEqual(['AdviceFailed']);
});

test('keeps no failed run from being retried, before it comes and after', async () => {
  const before = await failed();
  await before.retry();
  expect(before.commandOf('Work')).toBeDefined();
  expect(typesOf(await advise(before, 'human'))).toEqual(['AdviceGiven']);
  const after = await failed();
  await advise(after, 'human');
  await after.retry();
  await after.succeed('Work', 'done');
  expect(after.state()).toMatchObject({ status: 'succeeded', output: 'done' });
});

test('that comes while a retry is on its way does not stop it, and a retry of an earlier failure has no effect', async () => {
  const run = await failed();
  const cut = cutAt(run.log());
  if (cut === null) throw new Error('there is nothing to go on from');
  const order = {
    type: 'RetryRun',
    requestId: 'r',
    runId: RUN_ID,
    reason: '',
    cut,
    failedAt: run.log().length,
  } as const;
  await advise(run, 'human');
  expect(typesOf(await run.when(order))).toContain('RunRetried');
  await run.fail('Work', 'Weather', 'rain', false);
  expect(run.state().status).toBe('failed');
  expect(await run.when({ ...order, requestId: 's' })).toEqual([]);
});

test('is not wanted any more where the run was cancelled', async () => {
  const run = scenario(
    documentOf(
      { Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Wait' }] }), Wait: task() },
      { decisions: { mode: 'shadow' } },
    ),
  );
  await run.start();
  await run.fail('Work', 'Weather', 'rain', false);
  await run.cancel();
  expect(run.open()).toEqual([]);
  expect(run.eventsOf('AdviceFailed')).toMatchObject([{ data: { error: 'Baton.Cancelled' } }]);
});
