import { randomUUID } from 'node:crypto';
import { newestSnapshot } from '@baton/event-store';
import { parseWorkflowDocument, readEvent, rebuild, stateToJson } from '@baton/workflow';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { HubFixture } from '../testing/hub-fixture.js';
import type { Hub } from './hub.js';

let fixture: HubFixture;
beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
});
afterAll(() => fixture?.close({ isReplayed: true }));

const parsed = parseWorkflowDocument({
  name: 'counting',
  version: '1.0.0',
  title: 'Counts signals',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Next',
    States: {
      Next: {
        Type: 'Task',
        Resource: 'baton:signal:go',
        Assign: { total: '{% ($exists($total) ? $total : 0) + $states.result %}' },
        Next: 'Enough',
      },
      Enough: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $total >= 600 %}', Output: '{% $total %}', Next: 'Done' }],
        Default: 'Next',
      },
      Done: { Type: 'Succeed' },
    },
  },
});

async function begin(hub: Hub): Promise<string> {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const runId = randomUUID();
  const submission = { requestId: runId, runId, workflow: 'counting', input: {} };
  await hub.handle({
    runId,
    order: { type: 'StartRun', submission, document: parsed.document, sha256: 'a'.repeat(64) },
    actor: { type: 'user', id: 'tester' },
    causationId: runId,
  });
  return runId;
}

const signal = (hub: Hub, runId: string, n: number) =>
  hub.handle({
    runId,
    order: { type: 'SignalRun', requestId: `${runId} ${n}`, runId, name: 'go', data: 1 },
    actor: { type: 'user', id: 'tester' },
    causationId: `${runId} ${n}`,
    requestId: `${runId} ${n}`,
  });

const eventsOf = async (runId: string) => (await fixture.events(runId)).map(readEvent);

test('a run that goes on for long is read from the newest event that holds its state, to the same state', async () => {
  const hub = await fixture.startHub();
  const runId = await begin(hub);
  for (let n = 0; n < 500; n += 1) await signal(hub, runId, n);
  const carry = await newestSnapshot(fixture.pool, runId);
  expect(carry).toBeGreaterThan(2_000);
  const events = await eventsOf(runId);
  expect(events[carry - 1]?.type).toBe('RunContinued');
  expect(stateToJson(rebuild(events.slice(carry - 1)))).toEqual(stateToJson(rebuild(events)));
  expect(await newestSnapshot(fixture.pool, runId, carry - 1)).toBe(1);

  const store = await fixture.store();
  const loaded = await store.loadRun(runId);
  expect(loaded).toMatchObject({ version: events.length, segment: { events: events.length - carry } });
  expect(stateToJson(loaded.state)).toEqual(stateToJson(rebuild(events)));

  // Another hub, which has nothing in memory, takes it to its end.
  await hub.stop();
  const other = await fixture.startHub();
  for (let n = 500; n < 600; n += 1) await signal(other, runId, n);
  const ended = rebuild(await eventsOf(runId));
  expect(ended).toMatchObject({ status: 'succeeded', output: 600 });
  await other.stop();
}, 60_000);
