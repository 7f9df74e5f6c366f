import { commandIdOf } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { OutgoingJob } from '@baton/messaging';
import { createLogger } from '@baton/service-kit';
import { expect, test } from 'vitest';
import { Dispatcher } from './dispatcher.js';

const runId = '00000000-0000-4000-8000-000000000000';
const command = (seq: number, queue: string | null): CommandRow => ({
  seq,
  commandId: commandIdOf(runId, seq),
  runId,
  lane: 1,
  queue,
  name: 'task',
  message: {},
  priority: 0,
  notBefore: null,
  deadline: null,
  heartbeatSeconds: null,
  dispatchNo: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
  waitMs: 0,
});

/** Queue servers that answer when they are told to. */
function given() {
  const asked: string[] = [];
  const open: PromiseWithResolvers<void>[] = [];
  const publish = (queue: string, jobs: readonly OutgoingJob[]): Promise<void> => {
    asked.push(...jobs.map(({ jobId }) => `${queue} ${jobId.split('-').slice(-2).join('-')}`));
    const answer = Promise.withResolvers<void>();
    open.push(answer);
    return answer.promise;
  };
  const log = createLogger({ name: 'test', level: 'silent' });
  const dispatcher = new Dispatcher({ publish, log }, 0);
  return { dispatcher, asked, answer: (n: number) => open[n], turn: () => new Promise(setImmediate) };
}

test('a slow queue holds up its own commands, in their order, and no other queue', async () => {
  const { dispatcher, asked, answer, turn } = given();
  dispatcher.dispatch([command(1, 'slow')]);
  dispatcher.dispatch([command(2, 'slow'), command(3, 'quick')]);
  await turn();
  expect(asked).toEqual(['slow 1-0', 'quick 3-0']);
  answer(0)?.resolve();
  await turn();
  expect(asked).toEqual(['slow 1-0', 'quick 3-0', 'slow 2-0']);
});

test('the cursor waits for every command before it, whichever queue was quicker', async () => {
  const { dispatcher, answer, turn } = given();
  dispatcher.dispatch([command(1, 'slow')]);
  dispatcher.dispatch([command(2, 'quick'), command(3, null)]);
  await turn();
  answer(1)?.resolve();
  await turn();
  expect(dispatcher.dispatchedSeq).toBe(0);
  answer(0)?.resolve();
  await dispatcher.settled();
  expect(dispatcher.dispatchedSeq).toBe(3);
});

test('the cursor stays before a command that was not sent, and what comes after it is sent all the same', async () => {
  const { dispatcher, asked, answer, turn } = given();
  dispatcher.dispatch([command(1, 'a')]);
  dispatcher.dispatch([command(2, 'a')]);
  await turn();
  answer(0)?.reject(new Error('refused'));
  await turn();
  expect(asked).toEqual(['a 1-0', 'a 2-0']);
  answer(1)?.resolve();
  await dispatcher.settled();
  expect(dispatcher).toMatchObject({ dispatchedSeq: 0, isBehind: true, failures: 1 });
});

test('the cursor passes a commit of more commands than a call may have arguments', async () => {
  const { dispatcher } = given();
  const many = Array.from({ length: 200_000 }, (_, n) => ({ ...command(1, null), seq: n + 1 }));
  dispatcher.dispatch(many);
  await dispatcher.settled();
  expect(dispatcher.dispatchedSeq).toBe(200_000);
});
