import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CommandId, type Json, Task, TaskFailed, TaskSucceeded, taskTokenOf, tokenMark } from '@baton/contracts';
import { describe, expect, it, test } from 'vitest';
import type { TaskHandler, WorkerTask } from './task-handler.js';
import { type TaskPorts, taskToResult } from './task-to-result.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const NOW = new Date('2026-11-21T12:00:00Z');
const after = (ms: number): string => new Date(NOW.getTime() + ms).toISOString();

const taskOf = (changes: object = {}): Task =>
  Task.parse({
    v: 1,
    id: 'm-1',
    runId: RUN,
    commandId: `${RUN}-3`,
    step: 2,
    dispatchNo: 1,
    traceparent: '00-trace',
    kind: 'planner',
    state: 'Plan',
    attempt: 2,
    arguments: { a: 1 },
    ...changes,
  });

function world() {
  const blobs = new Map<string, string>();
  const logged: string[] = [];
  const store = (text: string) => {
    const sha256 = createHash('sha256').update(text).digest('hex');
    blobs.set(sha256, text);
    return { sha256, size: Buffer.byteLength(text) };
  };
  const ports: TaskPorts = {
    readBlob: async ({ sha256 }) => blobs.get(sha256) ?? Promise.reject(new Error('blob-missing')),
    writeBlob: async (text) => store(text),
    newId: () => 'm-2',
    now: () => NOW,
    journaled: async () => null,
    log: { info: (_, line) => logged.push(line), warn: (_, line) => logged.push(line) },
  };
  return { blobs, logged, ports, store };
}

const answering =
  (output: Json): TaskHandler =>
  async () => ({ ok: true, output });

const never = new AbortController().signal;
const signals = { delivery: never, closed: never };

test('a task that came with the mark of its token alone is left to its queue', async () => {
  const commandId = CommandId.parse(`${RUN}-3`);
  const seen: WorkerTask[] = [];
  const handler: TaskHandler = async (task) => {
    seen.push(task);
    return { ok: true, output: null };
  };
  const marked = taskOf({ taskToken: tokenMark(commandId), arguments: { to: tokenMark(commandId) } });
  await expect(taskToResult(marked, handler, world().ports, signals)).rejects.toThrow('former version');
  expect(seen).toEqual([]);
  const token = taskTokenOf(commandId, 'p'.repeat(43));
  await taskToResult({ ...marked, taskToken: token }, handler, world().ports, signals);
  expect(seen).toMatchObject([{ taskToken: token, arguments: { to: token } }]);
});

describe('the result of a task', () => {
  const template = { id: 'one', version: '1.0.0', sha256: 'ab'.repeat(32) };

  it('repeats the envelope under a new id and goes to the queue of the run, under the id of the dispatch', async () => {
    const seen: WorkerTask[] = [];
    const handler: TaskHandler = async (task) => {
      seen.push(task);
      const usage = { inputTokens: 1, outputTokens: 2, costUsd: null };
      return { ok: true, output: { b: 2 }, usage, model: 'offline', template, journal: { calls: 1, replayed: 0 } };
    };
    const job = await taskToResult(taskOf({ deadline: after(1000) }), handler, world().ports, signals);
    expect(seen).toEqual([
      { runId: RUN, commandId: `${RUN}-3`, state: 'Plan', attempt: 2, arguments: { a: 1 }, deadline: after(1000) },
    ]);
    expect(job).toMatchObject({ queue: 'results-1', jobId: `r-${RUN}-3-1`, name: 'succeeded' });
    expect(TaskSucceeded.parse(job?.data)).toEqual({
      v: 1,
      id: 'm-2',
      runId: RUN,
      commandId: `${RUN}-3`,
      step: 2,
      dispatchNo: 1,
      traceparent: '00-trace',
      deadline: after(1000),
      output: { b: 2 },
      usage: { inputTokens: 1, outputTokens: 2, costUsd: null },
      model: 'offline',
      template,
      journal: { calls: 1, replayed: 0 },
    });
  });

  it('reads arguments from the blob store and puts a large output there', async () => {
    const { blobs, ports, store } = world();
    const seen: Json[] = [];
    const handler: TaskHandler = async (task) => {
      seen.push(task.arguments);
      return { ok: true, output: 'ü'.repeat(8 * 1024) };
    };
    const task = taskOf({ arguments: undefined, blobRef: store('{"large":true}') });
    const result = TaskSucceeded.parse((await taskToResult(task, handler, ports, signals))?.data);
    expect(seen).toEqual([{ large: true }]);
    expect(result.output).toBeUndefined();
    expect(result.blobRef?.size).toBe(16 * 1024 + 2);
    expect(blobs.get(result.blobRef?.sha256 ?? '')).toBe(`"${'ü'.repeat(8 * 1024)}"`);
  });

  it('keeps an output at the limit in the message', async () => {
    const job = await taskToResult(taskOf(), answering('x'.repeat(16 * 1024 - 2)), world().ports, signals);
    expect(TaskSucceeded.parse(job?.data).output).toHaveLength(16 * 1024 - 2);
  });

  it('is an output also where that is null', async () => {
    const job = await taskToResult(taskOf(), answering(null), world().ports, signals);
    expect(TaskSucceeded.parse(job?.data).output).toBeNull();
  });

  it('tells a business failure with its name, its cause and what was paid', async () => {
    const handler: TaskHandler = async () => ({
      ok: false,
      error: 'Baton.InvalidOutput',
      cause: 'x'.repeat(100_000),
      retryable: true,
      model: 'claude-opus-5-5',
    });
    const job = await taskToResult(taskOf(), handler, world().ports, signals);
    expect(job).toMatchObject({ name: 'failed', jobId: `r-${RUN}-3-1` });
    const result = TaskFailed.parse(job?.data);
    expect(result).toMatchObject({ error: 'Baton.InvalidOutput', retryable: true, model: 'claude-opus-5-5' });
    expect(result.cause.length).toBeLessThan(5000);
  });

  it('comes from a handler that knows what the task may spend', async () => {
    const budget = { usd: 0.5, tokens: 1000 };
    const seen: WorkerTask[] = [];
    const handler: TaskHandler = async (task) => {
      seen.push(task);
      return { ok: true, output: null };
    };
    await taskToResult(taskOf({ budget }), handler, world().ports, signals);
    expect(seen).toMatchObject([{ budget }]);
  });

  it('is not worked for when the deadline has passed', async () => {
    const { logged, ports } = world();
    const handler: TaskHandler = () => Promise.reject(new Error('was called'));
    expect(await taskToResult(taskOf({ deadline: after(0) }), handler, ports, signals)).toBeNull();
    expect(logged).toEqual(['task dropped, its deadline had passed before it began']);
  });

  it('is given up when the deadline passes during the work', async () => {
    const { logged, ports } = world();
    const handler: TaskHandler = (_, given) =>
      new Promise((_resolve, reject) => given.addEventListener('abort', () => reject(given.reason)));
    expect(await taskToResult(taskOf({ deadline: after(20) }), handler, ports, signals)).toBeNull();
    expect(logged).toEqual(['task let go, its result is not wanted any more']);
  });

  it('lets go of its task once it is there, also where the handler still listens to the signal', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const { ports } = world();
    const work = async (): Promise<WeakRef<object>> => {
      const held = { of: 'the task' };
      const handler: TaskHandler = async (_, signal) => {
        signal.addEventListener('abort', () => held.of);
        return { ok: true, output: null };
      };
      await taskToResult(taskOf(), handler, ports, signals);
      return new WeakRef(held);
    };
    const refs = await Promise.all(Array.from({ length: 20 }, work));
    await setImmediate();
    collect();
    expect(refs.filter((ref) => ref.deref() !== undefined)).toHaveLength(0);
  });

  it('is not made where the task was closed in the middle, whether or not its handler heeds the signal', async () => {
    const heeding: TaskHandler = (_, given) =>
      new Promise((_resolve, reject) => given.addEventListener('abort', () => reject(given.reason)));
    const deaf: TaskHandler = async (_, given) => {
      await new Promise((resolve) => given.addEventListener('abort', resolve));
      return { ok: true, output: 1 };
    };
    for (const handler of [heeding, deaf]) {
      const closed = new AbortController();
      const result = taskToResult(taskOf(), handler, world().ports, { ...signals, closed: closed.signal });
      closed.abort(new Error('cancelled'));
      expect(await result).toBeNull();
    }
  });

  it('is worked for until a deadline that is months away', async () => {
    const job = await taskToResult(taskOf({ deadline: after(365 * 86_400_000) }), answering(1), world().ports, signals);
    expect(job?.name).toBe('succeeded');
  });

  it('is not made up where the worker was let go or failed: the task is handed out again', async () => {
    const letGo = new AbortController();
    const handler: TaskHandler = async () => {
      letGo.abort(new Error('lock lost'));
      throw new Error('aborted');
    };
    await expect(
      taskToResult(taskOf(), handler, world().ports, { ...signals, delivery: letGo.signal }),
    ).rejects.toThrow('lock lost');
    const bug: TaskHandler = () => Promise.reject(new Error('a bug'));
    await expect(taskToResult(taskOf(), bug, world().ports, signals)).rejects.toThrow('a bug');
  });
});
