import { Task } from '@baton/contracts';
import { expect, test } from 'vitest';
import { createTakeTask } from './take-task.js';
import type { TaskPorts } from './task-to-result.js';
import { createTaskWatch } from './task-watch.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const envelope = { v: 1, id: 'm-1', runId: RUN, commandId: `${RUN}-3`, step: 2, dispatchNo: 0 };
const task = Task.parse({ ...envelope, kind: 'echo', state: 'Echo', attempt: 1, arguments: 'hello' });
const late = Task.parse({ ...task, deadline: '2026-11-21T11:59:59Z' });
const delivery = { signal: new AbortController().signal };
const ports: TaskPorts = {
  readBlob: () => Promise.reject(new Error('no blob is asked for')),
  writeBlob: () => Promise.reject(new Error('no blob is written')),
  journaled: async () => null,
  newId: () => 'm-2',
  now: () => new Date('2026-11-21T12:00:00Z'),
  log: { info: () => {}, warn: () => {} },
};

const watch = createTaskWatch({ closedCommands: async () => new Map(), log: ports.log });

const announcer = { begin: () => () => {} };

test('a task is not done before its result has been sent', async () => {
  const sending = Promise.withResolvers<void>();
  const sent: unknown[] = [];
  const send = (result: object) => {
    sent.push(result);
    return sending.promise;
  };
  const takeTask = createTakeTask(async () => ({ ok: true, output: 'hello' }), ports, send, { watch, announcer });
  let isDone = false;
  const done = takeTask(task, delivery).then(() => {
    isDone = true;
  });
  await expect.poll(() => sent.length).toBe(1);
  expect(sent).toMatchObject([{ queue: 'results-1', jobId: `r-${RUN}-3-0`, name: 'succeeded' }]);
  expect(isDone).toBe(false);
  sending.resolve();
  await done;
});

test('a task fails, and so is handed out again, where its result cannot be sent', async () => {
  const send = () => Promise.reject(new Error('queue-unreachable'));
  const takeTask = createTakeTask(async () => ({ ok: true, output: 'hello' }), ports, send, { watch, announcer });
  await expect(takeTask(task, delivery)).rejects.toThrow('queue-unreachable');
});

test('a task whose deadline has passed is done without a result', async () => {
  const send = () => Promise.reject(new Error('nothing is to be sent'));
  const takeTask = createTakeTask(() => Promise.reject(new Error('nothing is to be done')), ports, send, {
    watch,
    announcer,
  });
  await expect(takeTask(late, delivery)).resolves.toBeUndefined();
});

test('a task is not begun while nobody can say whether it is still wanted', async () => {
  const away = createTaskWatch({
    closedCommands: () => Promise.reject(new Error('database-unreachable')),
    log: ports.log,
  });
  const nothing = () => Promise.reject(new Error('nothing is to be done'));
  await expect(createTakeTask(nothing, ports, nothing, { watch: away, announcer })(task, delivery)).rejects.toThrow(
    'database-unreachable',
  );
});
