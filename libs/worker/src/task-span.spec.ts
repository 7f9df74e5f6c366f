import { Task } from '@baton/contracts';
import { recordSpans } from '@baton/telemetry/testing';
import { afterEach, expect, test } from 'vitest';
import { createTakeTask } from './take-task.js';
import type { TaskHandler } from './task-handler.js';
import type { ResultJob, TaskPorts } from './task-to-result.js';
import { createTaskWatch } from './task-watch.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const envelope = { v: 1, id: 'm-1', runId: RUN, commandId: `${RUN}-3`, step: 2, dispatchNo: 0 };
const task = { ...envelope, kind: 'echo', state: 'Echo', attempt: 1, arguments: 'a secret' };
const log = { info: () => {}, warn: () => {} };
const ports: TaskPorts = {
  readBlob: () => Promise.reject(new Error('no blob is asked for')),
  writeBlob: () => Promise.reject(new Error('no blob is written')),
  journaled: async () => null,
  newId: () => 'm-2',
  now: () => new Date('2026-11-21T12:00:00Z'),
  log,
};
const watch = createTaskWatch({ closedCommands: async () => new Map(), log });

/** The result of a task that was taken with this handler. */
async function resultOf(handler: TaskHandler, traceparent?: string): Promise<ResultJob | undefined> {
  const sent: ResultJob[] = [];
  const send = async (result: ResultJob): Promise<void> => void sent.push(result);
  const takeTask = createTakeTask(handler, ports, send, { watch, announcer: { begin: () => () => {} } });
  const given = Task.parse({ ...task, ...(traceparent === undefined ? {} : { traceparent }) });
  await takeTask(given, { signal: new AbortController().signal });
  return sent[0];
}
const echo: TaskHandler = async () => ({ ok: true, output: 'said' });

let spans: ReturnType<typeof recordSpans> | null = null;
afterEach(() => {
  spans?.stop();
  spans = null;
});

test('without OpenTelemetry in its process a worker says the trace again that its task came with', async () => {
  expect((await resultOf(echo, TRACEPARENT))?.data.traceparent).toBe(TRACEPARENT);
  expect((await resultOf(echo))?.data).not.toHaveProperty('traceparent');
});

test('with it a task is a span in the trace of its task, and the result goes on from there', async () => {
  spans = recordSpans();
  const result = await resultOf(echo, TRACEPARENT);
  const [span] = spans.take();
  expect(span).toMatchObject({
    name: 'task echo',
    parentSpanContext: { traceId: TRACE, spanId: '00f067aa0ba902b7' },
    attributes: { 'messaging.destination.name': 'worker-echo', 'baton.run.id': RUN, 'baton.state': 'Echo' },
  });
  expect(result?.data.traceparent).toBe(`00-${TRACE}-${span?.spanContext().spanId}-01`);
  expect(JSON.stringify(span?.attributes)).not.toMatch(/secret|said/);
});

test('a task that fails is told by the name of its error, without its words', async () => {
  spans = recordSpans();
  await resultOf(
    async () => ({ ok: false, error: 'NoPaper', cause: 'the tray of ada', retryable: false }),
    TRACEPARENT,
  );
  const [span] = spans.take();
  expect(span?.attributes).toMatchObject({ 'error.type': 'NoPaper' });
  expect(JSON.stringify([span?.attributes, span?.status, span?.events])).not.toContain('ada');
});

test.each(['nonsense', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`])(
  'what is no trace (%s) begins one',
  async (given) => {
    spans = recordSpans();
    const result = await resultOf(echo, given);
    const [span] = spans.take();
    expect(span?.parentSpanContext).toBeUndefined();
    expect(result?.data.traceparent).toContain(span?.spanContext().traceId);
  },
);
