import { setImmediate } from 'node:timers/promises';
import { RetryableError, Task, TaskHeartbeat } from '@baton/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHeartbeats, type HeartbeatPorts, withHeartbeats } from './heartbeats.js';
import type { TaskHandler, WorkerTask } from './task-handler.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const envelope = { v: 1, id: 'm-1', runId: RUN, commandId: `${RUN}-3`, step: 2, dispatchNo: 1 };

const workerTask: WorkerTask = {
  commandId: envelope.commandId,
  runId: RUN,
  state: 'Echo',
  attempt: 1,
  arguments: null,
};

function world(changes: object = {}, publishing: () => Promise<void> = async () => {}) {
  const task = Task.parse({ ...envelope, kind: 'echo', state: 'Echo', attempt: 1, arguments: null, ...changes });
  const sent: TaskHeartbeat[] = [];
  const warned: string[] = [];
  let nowMs = 0;
  const abort = new AbortController();
  const publish = async (queue: string, jobs: readonly { jobId: string; name: string; data: unknown }[]) => {
    await publishing();
    for (const job of jobs) {
      expect([queue, job.name]).toEqual(['results-1', 'heartbeat']);
      sent.push(TaskHeartbeat.parse(job.data));
    }
  };
  const messaging = { publish };
  const ports: HeartbeatPorts = {
    newId: () => 'id-1',
    nowMs: () => nowMs,
    log: { info: () => {}, warn: (_, message) => warned.push(message) },
  };
  const heartbeats = createHeartbeats(task, messaging, abort.signal, ports);
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { task, messaging, ports, heartbeats, sent, warned, abort, pass };
}

describe('a task that has to wait', () => {
  it('is said to be silent for so long, because the queue keeps it and nobody is at it', async () => {
    const { task, messaging, ports, sent } = world({ heartbeatSeconds: 60 });
    const busy = new RetryableError('Busy.', { code: 'model-rate-limited', retryAfterMs: 90_000 });
    const handler = withHeartbeats(() => Promise.reject(busy), task, messaging, ports);
    await expect(handler(workerTask, new AbortController().signal)).rejects.toBe(busy);
    expect(sent.map(({ waitSeconds }) => waitSeconds)).toEqual([undefined, 90]);
  });
});

describe('heartbeats', () => {
  it('say which task goes on, and how far it is', async () => {
    const { heartbeats, sent } = world();
    heartbeats.beat(`${'x'.repeat(499)}😀`);
    await heartbeats.settle();
    expect(sent).toEqual([
      { v: 1, id: 'id-1', runId: RUN, commandId: `${RUN}-3`, step: 2, dispatchNo: 1, progress: expect.any(String) },
    ]);
  });

  it('are sent every few seconds at most, however often they are given', async () => {
    const { heartbeats, sent, pass } = world();
    for (let n = 0; n < 100; n += 1) {
      heartbeats.beat();
      await setImmediate();
      pass(100);
    }
    await heartbeats.settle();
    expect(sent).toHaveLength(2);
  });

  it('are sent often enough for a state that asks for them', async () => {
    const { heartbeats, sent, pass } = world({ heartbeatSeconds: 3 });
    for (let n = 0; n < 4; n += 1) {
      heartbeats.beat();
      await setImmediate();
      pass(1000);
    }
    await heartbeats.settle();
    expect(sent).toHaveLength(4);
  });

  it('do not trouble the work where they cannot be sent, and end where the task has gone to another worker', async () => {
    const broken = world({}, () => Promise.reject(new Error('gone')));
    broken.heartbeats.beat();
    await broken.heartbeats.settle();
    expect(broken.warned).toEqual(['heartbeat could not be sent']);
    const lost = world();
    lost.abort.abort();
    lost.heartbeats.beat();
    await lost.heartbeats.settle();
    expect(lost.sent).toEqual([]);
  });

  it('are sent one at a time, and none after the task is done', async () => {
    const gate = Promise.withResolvers<void>();
    const { heartbeats, sent, pass } = world({ heartbeatSeconds: 3 }, () => gate.promise);
    heartbeats.beat('first');
    pass(60_000);
    heartbeats.beat('while the first is on its way');
    const settled = heartbeats.settle();
    gate.resolve();
    await settled;
    expect(sent).toMatchObject([{ progress: 'first' }]);
    pass(60_000);
    heartbeats.beat('too late');
    await setImmediate();
    expect(sent).toHaveLength(1);
  });
});

describe('a service', () => {
  afterEach(() => vi.useRealTimers());

  it('keeps a timer that Node can hold, however long the task may be silent', async () => {
    vi.useFakeTimers();
    const { task, messaging, ports, sent } = world({ heartbeatSeconds: 99_999_999 });
    const release = Promise.withResolvers<void>();
    const handler: TaskHandler = async () => {
      await release.promise;
      return { ok: true, output: null };
    };
    const done = withHeartbeats(handler, task, messaging, ports)(workerTask, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(sent).toHaveLength(1);
    release.resolve();
    await done;
  });

  it('falls silent when the task was let go, and when its handler throws', async () => {
    vi.useFakeTimers();
    const { task, messaging, ports, sent, abort } = world({ heartbeatSeconds: 3 });
    const handler: TaskHandler = (_, signal) =>
      new Promise((_resolve, reject) => {
        setTimeout(() => reject(new Error('late')), 10_000);
        expect(signal.aborted).toBe(false);
      });
    const done = withHeartbeats(handler, task, messaging, ports)(workerTask, abort.signal).catch(String);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(sent).toHaveLength(3);
    abort.abort();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await done).toBe('Error: late');
    expect(sent).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });
});
