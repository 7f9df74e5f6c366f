import { randomUUID } from 'node:crypto';
import { emptySegment, initialState } from '@baton/workflow';
import { expect, test } from 'vitest';
import type { HubMessage } from '../message.js';
import { closeAdvance, decideInto, openAdvance } from './advance.js';

const clock = { nowMs: () => 0, monotonicMs: () => 0 };
const worker = (next: object) => ({ Type: 'Task', Resource: 'baton:worker:noop', ...next });
const document = {
  name: 'twice',
  version: '1.0.0',
  title: 'Twice',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: { A: worker({ Next: 'B' }), B: worker({ End: true }) },
  },
};
const SUBMITTED = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const ANSWERED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** A run that was submitted with a trace context, and whose first task was answered with another. */
async function traces(submitted: string | undefined, answered: string | undefined) {
  const runId = randomUUID();
  const advance = openAdvance(runId, { state: initialState, version: 0, segment: emptySegment });
  const tell = async (order: HubMessage['order'], trace: string | undefined): Promise<void> => {
    const about = { runId, causationId: 'x', actor: { type: 'user' as const, id: 'tester' } };
    await decideInto(advance, { ...about, order, ...(trace === undefined ? {} : { trace }) }, clock);
  };
  const submission = { requestId: 'start', runId, workflow: 'twice', input: {}, traceparent: submitted };
  await tell({ type: 'StartRun', submission, document, sha256: 'a'.repeat(64) }, submitted);
  const first = [...advance.issued.values()][0];
  await tell({ type: 'CompleteTask', commandId: `${runId}-1`, output: null }, answered);
  const second = [...advance.issued.values()][0];
  const { item, turns } = await closeAdvance(advance, async () => ({}));
  expect(turns).toEqual([]);
  const started = item.events[0]?.data;
  return { started, tasks: [first?.message.traceparent, second?.message.traceparent] };
}

test('a hub without tracing hands on the trace of whoever asked: first of the submission, then of each answer', async () => {
  const { started, tasks } = await traces(SUBMITTED, ANSWERED);
  expect(started).toMatchObject({ trace: SUBMITTED });
  expect(tasks).toEqual([SUBMITTED, ANSWERED]);
});

test('what comes without a trace belongs to that of its run', async () => {
  expect((await traces(SUBMITTED, undefined)).tasks).toEqual([SUBMITTED, SUBMITTED]);
});

test('a run without a trace has none in its log, and its tasks have none', async () => {
  const { started, tasks } = await traces(undefined, undefined);
  expect(started).not.toHaveProperty('trace');
  expect(tasks).toEqual([undefined, undefined]);
});

test('what is no trace context does not get into the log', async () => {
  expect((await traces('nonsense', undefined)).started).not.toHaveProperty('trace');
});
