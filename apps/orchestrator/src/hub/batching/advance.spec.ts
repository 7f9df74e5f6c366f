import { randomUUID } from 'node:crypto';
import { emptySegment, initialState, type StartedRun } from '@baton/workflow';
import { expect, test } from 'vitest';
import type { HubMessage } from '../message.js';
import { closeAdvance, decideInto, openAdvance } from './advance.js';

const clock = { nowMs: () => 0, monotonicMs: () => 0 };
const document = {
  name: 'waits',
  version: '1.0.0',
  title: 'Waits',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: { A: { Type: 'Task', Resource: 'baton:signal:other', End: true } },
  },
};

test('a request that comes by two ways at once has its effect once', async () => {
  const runId = randomUUID();
  const about = (requestId: string, order: HubMessage['order']): HubMessage => ({
    ...{ runId, order, requestId, causationId: requestId },
    actor: { type: 'user', id: 'tester' },
  });
  const submission = { requestId: 'start', runId, workflow: 'waits', input: {} };
  const signal = (requestId: string) =>
    about(requestId, { type: 'SignalRun', requestId, runId, name: 'go', data: requestId });
  const advance = openAdvance(runId, { state: initialState, version: 0, segment: emptySegment });
  const told = [
    about('start', { type: 'StartRun', submission, document, sha256: 'a'.repeat(64) }),
    ...['one', 'one', 'two', 'one'].map(signal),
  ];
  const effects: boolean[] = [];
  for (const message of told) effects.push(await decideInto(advance, message, clock));
  expect(effects).toEqual([true, true, false, true, false]);
  expect(advance.state).toMatchObject({ signals: [{ data: 'one' }, { data: 'two' }] });
});

test('a fork of a run with a large state is not continued at once: its first event holds all of it', async () => {
  const runId = randomUUID();
  const parsed = await startedWith('x'.repeat(5 * 1024 * 1024));
  const advance = openAdvance(runId, { state: initialState, version: 0, segment: emptySegment });
  const cut = { state: parsed, version: 4, isTornDown: false };
  const from = { runId: randomUUID(), version: 4 };
  const order: HubMessage['order'] = { type: 'ForkRun', requestId: 'fork', runId, from, cut, labels: {} };
  await decideInto(advance, { runId, order, actor: { type: 'user', id: 'tester' }, causationId: 'fork' }, clock);
  const { item, segment } = await closeAdvance(advance, async () => ({}));
  expect(item.events.map(({ type }) => type)).toEqual(['RunForked', 'TaskScheduled']);
  // Its text goes to the database as it is: it has to be that of the data.
  for (const { data, dataText } of item.events) expect(dataText).toBe(JSON.stringify(data));
  expect(segment).toMatchObject({ events: 1, snapshotSize: expect.any(Number) });
  expect(segment.snapshotSize).toBeGreaterThan(5 * 1024 * 1024);
});

/** The state of a run that waits for a signal. */
async function startedWith(text: string): Promise<StartedRun> {
  const runId = randomUUID();
  const advance = openAdvance(runId, { state: initialState, version: 0, segment: emptySegment });
  const submission = { requestId: 'start', runId, workflow: 'waits', input: { text } };
  const order: HubMessage['order'] = { type: 'StartRun', submission, document, sha256: 'a'.repeat(64) };
  await decideInto(advance, { runId, order, actor: { type: 'user', id: 'tester' }, causationId: 'start' }, clock);
  if (advance.state.status === 'new') throw new Error('the run did not begin');
  return advance.state;
}
