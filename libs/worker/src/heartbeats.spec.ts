import { Task, TaskHeartbeat } from '@baton/contracts';
import { describe, expect, it } from 'vitest';
import { createHeartbeats } from './heartbeats.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const envelope = { v: 1, id: 'm-1', runId: RUN, commandId: `${RUN}-3`, step: 2, dispatchNo: 1 };

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
  const heartbeats = createHeartbeats(task, { publish }, abort.signal, {
    newId: () => 'id-1',
    nowMs: () => nowMs,
    log: { info: () => {}, warn: (_, message) => warned.push(message) },
  });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { heartbeats, sent, warned, abort, pass };
}

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
      pass(100);
    }
    await heartbeats.settle();
    expect(sent).toHaveLength(2);
  });

  it('are sent often enough for a state that asks for them', async () => {
    const { heartbeats, sent, pass } = world({ heartbeatSeconds: 3 });
    for (let n = 0; n < 4; n += 1) {
      heartbeats.beat();
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
});
