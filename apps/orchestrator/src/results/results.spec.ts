import { type TaskFailed, type TaskSucceeded, TerminalError } from '@baton/contracts';
import { expect, test } from 'vitest';
import { failure, refuseUnproven, success } from './results.js';

const runId = '00000000-0000-4000-8000-000000000000';
const envelope = { v: 1, id: 'r-1', runId, commandId: `${runId}-1`, step: 1, dispatchNo: 0 } as const;
const byReference: TaskSucceeded = { ...envelope, blobRef: { sha256: '0'.repeat(64), size: 1 } };

test('an output that travelled as a reference is fetched', async () => {
  const message = await success(byReference, async () => '{"plan":[1]}');
  expect(message.order).toMatchObject({ type: 'CompleteTask', output: { plan: [1] } });
});

test('what the worker tells beside its result reaches the run, whatever came of it', async () => {
  const told = {
    usage: { inputTokens: 1, outputTokens: 2, costUsd: null },
    model: 'offline',
    template: { id: 'one', version: '1.0.0', sha256: 'ab'.repeat(32) },
    journal: { calls: 1, replayed: 0 },
  };
  expect((await success({ ...envelope, output: 1, ...told }, async () => '')).order).toMatchObject(told);
  expect(failure({ ...envelope, error: 'E', cause: 'c', retryable: true, ...told }).order).toMatchObject(told);
});

test.each([
  ['is no JSON', '{"plan":'],
  ['is nested too deeply', `${'['.repeat(3_000)}${']'.repeat(3_000)}`],
])('an output that %s is refused for good: it is the same at every try', async (_, text) => {
  const refused = await success(byReference, async () => text).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(TerminalError);
  expect(refused).toMatchObject({ code: 'undecodable-message' });
});

test('a result that names a command of another run is refused', async () => {
  const foreign = { ...envelope, runId: runId.replace('4000', '4001'), output: 1 };
  await expect(success(foreign, async () => '')).rejects.toMatchObject({ code: 'foreign-command' });
});

test('an error of a megabyte is cut to what the language allows', () => {
  const failed: TaskFailed = { ...envelope, error: 'E'.repeat(1e6), cause: 'c'.repeat(1e6), retryable: true };
  const { order } = failure(failed);
  if (order.type !== 'FailTask') throw new Error('a failure is a FailTask');
  expect(order.error).toHaveLength(256);
  expect(order.cause).toHaveLength(32_768);
});

test('an answer under an id of the form that its task gives is taken with its nonce alone; ids of its own prove nothing, and are taken', () => {
  const nonceOf = ({ dispatchNo }: { readonly dispatchNo: number }) => `nonce${dispatchNo}`;
  const take =
    (jobId: string, dispatchNo = 0) =>
    () =>
      refuseUnproven({ ...envelope, dispatchNo }, { jobId }, nonceOf);
  const commandId = `${runId}-1`;
  expect(take(`r-${commandId}-0-nonce0`)).not.toThrow();
  expect(take(`r-${commandId}-0-nonce0-again`)).not.toThrow();
  for (const jobId of [`r-${commandId}-0`, `r-${commandId}-0-nonce1`, `r-${commandId}-0-nonce01`, 'r-']) {
    expect(take(jobId)).toThrow(expect.objectContaining({ code: 'unproven-answer' }));
  }
  for (const ofItsOwn of ['', '17', `answer to ${commandId}`]) expect(take(ofItsOwn)).not.toThrow();
  expect(take(`r-${commandId}-0-nonce0`, 1)).toThrow(expect.objectContaining({ code: 'unproven-answer' }));
});
