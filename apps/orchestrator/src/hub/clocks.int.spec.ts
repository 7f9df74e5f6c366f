import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { childRunIdOf, type JsonObject } from '@baton/contracts';
import { moveHeartbeat } from '@baton/event-store';
import { parseWorkflowDocument, type RunState, readEvent, rebuild, type WorkflowDocument } from '@baton/workflow';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { HubFixture, log } from '../testing/hub-fixture.js';
import { Batcher } from './batching/batcher.js';
import type { Hub } from './hub.js';
import type { HubMessage } from './message.js';

/* Two hubs on machines whose clocks are hours off, one ahead and one behind: the clock of the database is the only one. */

const SKEW_MS = 3 * 3_600_000;
/** Longer than the sweep takes from round to round. */
const A_WHILE_MS = 6_500;

let fixture: HubFixture;
let hubs: readonly Hub[];
const asked: string[] = [];

const workflow = (name: string, state: JsonObject): WorkflowDocument => {
  const definition = { QueryLanguage: 'JSONata', StartAt: 'S', States: { S: { ...state, End: true } } };
  const parsed = parseWorkflowDocument({ name, version: '1.0.0', title: name, definition });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
};
const sha256 = 'a'.repeat(64);
const child = workflow('child', { Type: 'Pass', Output: 'done' });

beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  const jobStates: typeof fixture.messaging.jobStates = (queue, jobIds) => {
    for (const jobId of jobIds) asked.push(jobId);
    return fixture.messaging.jobStates(queue, jobIds);
  };
  const catalog = createCatalog([{ document: child, sha256, file: 'child.yaml' }]);
  const hubOff = (ms: number) =>
    fixture.startHub({ catalog, messaging: { ...fixture.messaging, jobStates }, nowMs: () => Date.now() + ms });
  hubs = [await hubOff(SKEW_MS), await hubOff(-SKEW_MS)];
});
afterAll(() => fixture?.close());

const begin = (runId: string, document: WorkflowDocument): HubMessage => ({
  runId,
  order: {
    type: 'StartRun',
    submission: { requestId: runId, runId, workflow: document.name, input: {} },
    document,
    sha256,
  },
  actor: { type: 'user', id: 'tester' },
  causationId: runId,
});

const beat = (runId: string) => moveHeartbeat(fixture.pool, { commandId: `${runId}-1`, dispatchNo: 0, provers: null });

const runOnEach = async (state: JsonObject): Promise<readonly string[]> => {
  const document = workflow('skewed', state);
  const runs = hubs.map(() => randomUUID());
  for (const [n, hub] of hubs.entries()) await hub.handle(begin(runs[n] ?? '', document));
  return runs;
};

const stateOf = async (runId: string): Promise<RunState> => rebuild((await fixture.events(runId)).map(readEvent));
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 50 });

test('a wait ends when it is over, whichever hub began it and whichever looks', async () => {
  const beganMs = performance.now();
  const runs = await runOnEach({ Type: 'Wait', Seconds: 2 });
  for (const runId of runs)
    await eventually(async () => expect(await stateOf(runId)).toMatchObject({ status: 'succeeded' }));
  expect(performance.now() - beganMs).toBeGreaterThan(1_900);
});

test('what is recorded is the time of the database', async () => {
  for (const runId of await runOnEach({ Type: 'Pass' })) {
    const [first] = await fixture.events(runId);
    expect(Math.abs(Date.parse(first?.recordedAt ?? '') - Date.now())).toBeLessThan(2_000);
  }
});

test('a child that was left without a beginning begins', async () => {
  // A hub that dies after the commit: nothing follows from it.
  const store = await fixture.store();
  const dying = new Batcher({
    store,
    dispatchedSeq: () => 0,
    dispatch: () => {},
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    log,
  });
  const runId = randomUUID();
  await dying.handle(begin(runId, workflow('parent', { Type: 'Task', Resource: 'baton:workflow:child' })));
  await eventually(async () => expect(await stateOf(runId)).toMatchObject({ status: 'succeeded' }));
  expect(await stateOf(childRunIdOf(`${runId}-1`))).toMatchObject({ status: 'succeeded' });
});

test('a fresh task is not expired, not taken for silent, and not asked after by the sweep', async () => {
  const task = { Type: 'Task', Resource: `baton:worker:${fixture.kind}`, TimeoutSeconds: 600, HeartbeatSeconds: 60 };
  const runs = await runOnEach(task);
  for (const runId of runs) await beat(runId);
  await new Promise((resolve) => setTimeout(resolve, A_WHILE_MS));
  for (const runId of runs) {
    expect((await stateOf(runId)).status).toBe('running');
    expect((await fixture.events(runId)).map(({ type }) => type)).not.toContain('TaskFailed');
    expect(asked.filter((jobId) => jobId.includes(runId))).toEqual([]);
  }
}, 20_000);

test('a task whose worker falls silent fails in its time', async () => {
  const task = { Type: 'Task', Resource: `baton:worker:${fixture.kind}`, HeartbeatSeconds: 1 };
  const runs = await runOnEach(task);
  for (const runId of runs) await beat(runId);
  for (const runId of runs) {
    await eventually(async () => expect(await stateOf(runId)).toMatchObject({ error: 'States.HeartbeatTimeout' }));
  }
});
