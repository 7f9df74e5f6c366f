import { commandIdOf, MessageBundle, onRung, Task } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { OutgoingJob } from '@baton/messaging';
import { createLogger } from '@baton/service-kit';
import { expect, test } from 'vitest';
import { Dispatcher } from './dispatcher.js';
import type { Way } from './ways-to-workers.js';

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
function given(bundleOf: (queue: string) => number = () => 1) {
  const wayTo = (queue: string): Way =>
    queue === 'worker-foreign'
      ? { bundle: 1 }
      : { bundle: bundleOf(queue), via: 'own-door', looksAtRungs: queue !== 'worker-older' };
  const asked: string[] = [];
  const sent: OutgoingJob[] = [];
  const open: PromiseWithResolvers<void>[] = [];
  const publish = (queue: string, jobs: readonly OutgoingJob[]): Promise<void> => {
    sent.push(...jobs);
    asked.push(...jobs.map(({ jobId }) => `${queue} ${jobId.split('-').slice(-2).join('-')}`));
    const answer = Promise.withResolvers<void>();
    open.push(answer);
    return answer.promise;
  };
  const log = createLogger({ name: 'test', level: 'silent' });
  const alongside = (queue: string, { jobId, data }: OutgoingJob) => ({ fn: 'put', values: [queue, jobId, data] });
  const dispatcher = new Dispatcher({ publish, wayTo, alongside, lane: 1, monotonicMs: () => 0, log }, 0);
  return { dispatcher, asked, sent, answer: (n: number) => open[n], turn: () => new Promise(setImmediate) };
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

const contents = ({ name, data }: OutgoingJob) =>
  name === 'bundle'
    ? MessageBundle.parse(data).messages.map((message) => Task.parse(message.data).commandId.split('-').at(-1))
    : name;

/** As the hub sends it. */
const task = (seq: number, overrides: Partial<CommandRow> = {}): CommandRow => {
  const envelope = { v: 1, id: 't', runId, commandId: commandIdOf(runId, seq), step: 1 };
  return {
    ...command(seq, 'worker-quick'),
    message: { ...envelope, kind: 'quick', state: 'S', attempt: 1, arguments: {} },
    ...overrides,
  };
};

test('tasks of one commit travel together where all workers of their kind take that, in their order, so many at a time', async () => {
  const { dispatcher, sent, turn } = given((queue) => (queue === 'worker-quick' ? 2 : 1));
  const others = [task(6, { queue: 'worker-slow' }), task(7, { queue: 'worker-slow' })];
  dispatcher.dispatch([...[1, 2, 3, 4, 5].map((seq) => task(seq)), ...others]);
  await turn();
  expect(sent.map(contents)).toEqual([['1', '2'], ['3', '4'], 'task', 'task', 'task']);
});

test('what is not due yet goes by itself, and what is more urgent does not travel with the rest', async () => {
  const { dispatcher, sent, turn } = given(() => 10);
  const later = task(2, { waitMs: 500 });
  dispatcher.dispatch([task(1), later, task(3), task(4, { priority: 2 }), task(5, { priority: 2 })]);
  await turn();
  expect(sent.map((job) => [contents(job), job.delayMs, job.priority])).toEqual([
    ['task', 500, 0],
    [['1', '3'], undefined, 0],
    [['4', '5'], undefined, 2],
  ]);
});

test('a task that travels with others is looked for by the job that carries it, until it is sent by itself', async () => {
  const { dispatcher, sent, answer, turn } = given(() => 10);
  dispatcher.dispatch([task(1), task(2), task(3)]);
  await turn();
  const [bundle] = sent;
  expect(dispatcher.jobIdOf(task(2))).toBe(bundle?.jobId);
  const again = dispatcher.send([task(2)]);
  answer(1)?.resolve();
  await again;
  expect(dispatcher.jobIdOf(task(2))).toBe(sent.at(-1)?.jobId);
  expect(dispatcher.jobIdOf({ ...task(1), dispatchNo: 1 })).not.toBe(bundle?.jobId);
  dispatcher.forget([commandIdOf(runId, 3)]);
  expect(dispatcher.jobIdOf(task(3))).not.toBe(bundle?.jobId);
  expect(dispatcher.jobIdOf(task(1))).toBe(bundle?.jobId);
});

test('the result of a task goes to the lane that issued it, whichever hub sends it, and to that of its run by the other door', async () => {
  const { dispatcher, sent, answer, turn } = given();
  dispatcher.dispatch([task(1), task(2, { queue: 'worker-foreign' })]);
  await turn();
  const again = dispatcher.send([task(3, { lane: 7 })]);
  answer(2)?.resolve();
  await again;
  expect(sent.map(({ data }) => data.replyTo)).toEqual(['results-lane-1', undefined, 'results-lane-7']);
});

const item = (...commands: readonly CommandRow[]) => ({
  runId,
  expectedVersion: 1,
  events: [],
  consume: [],
  requests: [],
  commands,
  ended: false,
  parentCommand: null,
});

test('the only task of a batch is sent in its transaction, and the cursor moves past it', async () => {
  const { dispatcher, asked } = given();
  const only = command(1, 'worker-a');
  const data = { dispatchNo: 0, replyTo: 'results-lane-1' };
  const along = dispatcher.along([item(), item(command(2, null), only)]);
  expect(along).toMatchObject({
    fn: 'put',
    values: ['worker-a', dispatcher.ownJobIdOf(only), expect.objectContaining(data)],
  });
  dispatcher.sentAlong([only, command(2, null)]);
  expect(dispatcher.handoverOf(only)).toBe('sent');
  await dispatcher.settled();
  expect(dispatcher).toMatchObject({ dispatchedSeq: 2, isBehind: false });
  expect(asked).toEqual([]);
});

test('what is more than one, later, foreign, personal, or behind others goes after the commit', async () => {
  const { dispatcher, answer } = given();
  const one = command(1, 'worker-a');
  expect(dispatcher.along([item(one), item(command(2, 'worker-b'))])).toBeNull();
  expect(dispatcher.along([item(command(1, null))])).toBeNull();
  expect(dispatcher.along([item({ ...one, notBefore: '2026-01-01T00:00:00.000Z' })])).toBeNull();
  expect(dispatcher.along([item({ ...one, message: { sealed: true } })])).toBeNull();
  expect(dispatcher.along([item(command(1, 'worker-foreign'))])).toBeNull();
  dispatcher.dispatch([command(7, 'worker-a')]);
  expect(dispatcher.along([item(one)])).toBeNull();
  answer(0)?.resolve();
  await dispatcher.settled();
  expect(dispatcher.along([item(one)])).not.toBeNull();
});

test('a task stands on its rung, but where a worker of an older Baton would not look', () => {
  const { dispatcher, sent } = given();
  const queues = ['worker-foreign', 'worker-newer', 'worker-older'];
  dispatcher.dispatch(queues.map((queue, n) => ({ ...command(n + 1, queue), priority: onRung(2, 3) })));
  expect(sent.map(({ priority }) => priority)).toEqual([onRung(2, 3), onRung(2, 3), 2]);
});
