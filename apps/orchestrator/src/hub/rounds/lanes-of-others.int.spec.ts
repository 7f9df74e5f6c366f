import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { childRunIdOf, commandIdOf, type JsonObject } from '@baton/contracts';
import { claimLane, lanesLeftBehind } from '@baton/event-store';
import { queueEpoch } from '@baton/messaging';
import { parseWorkflowDocument, type RunState, readEvent, rebuild, type WorkflowDocument } from '@baton/workflow';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { HubFixture, log } from '../../testing/hub-fixture.js';
import { Batcher } from '../batching/batcher.js';
import { type HubStore, type Owned, postgresStore } from '../hub-store.js';
import { LIVES_WHILE_LASTING_MS } from '../lane-lease.js';
import type { HubMessage } from '../message.js';

/* Two hubs do not do every round twice, and what a hub leaves behind when it is killed is looked after by another. */

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
});
afterEach(() => fixture?.close());

function workflow(name: string, States: JsonObject): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: 'A', States };
  const parsed = parseWorkflowDocument({ name, version: '1.0.0', title: name, definition });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}
const done = workflow('done', { A: { Type: 'Pass', Output: 'done', End: true } });
const waiting = workflow('waiting', { A: { Type: 'Task', Resource: 'baton:signal:never', End: true } });
const timer = workflow('timer', {
  A: { Type: 'Wait', Seconds: 1, Next: 'B' },
  B: { Type: 'Succeed', Output: 'woken' },
});
const limited = workflow('limited', {
  A: { Type: 'Task', Resource: 'baton:worker:nobody', TimeoutSeconds: 1, End: true },
});
const unlimited = workflow('unlimited', { A: { Type: 'Task', Resource: 'baton:worker:nobody', End: true } });
const parentOf = (child: string): WorkflowDocument =>
  workflow(`parent-of-${child}`, { A: { Type: 'Task', Resource: `baton:workflow:${child}`, End: true } });
const catalog = createCatalog(
  [done, waiting].map((document) => ({ document, sha256: 'a'.repeat(64), file: document.name })),
);

function begin(document: WorkflowDocument, runId: string = randomUUID(), parent?: string): HubMessage {
  const requestId = parent === undefined ? `start ${runId}` : `child:${parent}`;
  const submission = { requestId, runId, workflow: document.name, input: {} };
  const asks = parent === undefined ? {} : { parent: { runId: parent.slice(0, 36), commandId: parent, depth: 1 } };
  return {
    runId,
    order: { type: 'StartRun', submission, document, sha256: 'a'.repeat(64), ...asks },
    actor: { type: 'system', id: 'test' },
    causationId: requestId,
    requestId,
  };
}
const committing = (store: HubStore): Batcher =>
  new Batcher({
    store,
    dispatchedSeq: () => 0,
    dispatch: () => {},
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    log,
  });
const stateOf = async (runId: string): Promise<RunState> => rebuild((await fixture.events(runId)).map(readEvent));

/** Runs in every condition in which somebody has to come to them, committed by a hub that then did nothing more. */
async function leftBehind(store: HubStore) {
  const hub = committing(store);
  const [onTime, onLimit] = [begin(timer), begin(limited)];
  const [notBegun, notTold, orphaned] = [begin(parentOf('done')), begin(parentOf('done')), begin(parentOf('waiting'))];
  for (const each of [onTime, onLimit, notBegun, notTold, orphaned]) await hub.handle(each);
  const commandOf = ({ runId }: HubMessage): string => commandIdOf(runId, 1);
  await hub.handle(begin(done, childRunIdOf(commandOf(notTold)), commandOf(notTold)));
  const childId = childRunIdOf(commandOf(orphaned));
  await hub.handle(begin(waiting, childId, commandOf(orphaned)));
  const cancel = { type: 'CancelRun', requestId: `cancel ${orphaned.runId}`, reason: 'enough' } as const;
  const actor = { type: 'user', id: 'ada' } as const;
  await hub.handle({ runId: orphaned.runId, order: cancel, actor, causationId: 'cancel', requestId: cancel.requestId });
  return { onTime, onLimit, notBegun, notTold, childId };
}

test('a hub looks at the rows of its own lanes, and at those of others only once their hub should have come to them', async () => {
  const mine = await claimLane(fixture.pool, 'one', 60_000);
  const theirs = await claimLane(fixture.pool, 'two', 60_000);
  if (mine === null || theirs === null) throw new Error('no free lane');
  const runs = await leftBehind(postgresStore(fixture.pool, theirs));
  const seen = async (owned: Owned) => {
    const store = postgresStore(fixture.pool, mine, owned);
    const page = { olderThanMs: 0, afterSeq: 0, limit: 100 };
    return {
      outstanding: (await store.outstanding(page)).map(({ runId }) => runId),
      undispatched: (await store.undispatched(page)).map(({ runId }) => runId),
      toStart: (await store.childrenToStart(page)).map(({ runId }) => runId),
      ended: (await store.childrenEnded(100)).map(({ runId }) => runId),
      orphans: await store.orphans(100),
      due: (await store.due(100)).map(({ runId }) => runId),
    };
  };
  const nothing = { outstanding: [], undispatched: [], toStart: [], ended: [], orphans: [], due: [] };
  expect(await seen({ lanes: [mine.lane], isFirst: false })).toEqual(nothing);
  const all = {
    outstanding: [runs.onLimit.runId],
    undispatched: [runs.onLimit.runId],
    toStart: [runs.notBegun.runId],
    ended: [runs.notTold.runId],
    orphans: [runs.childId],
  };
  expect(await seen({ lanes: [mine.lane, theirs.lane], isFirst: true })).toMatchObject(all);
  const everyLane = { ...{ afterSeq: 0, limit: 100 }, isOfAllLanes: true };
  const store = postgresStore(fixture.pool, mine, { lanes: [mine.lane], isFirst: false });
  expect((await store.outstanding(everyLane)).map(({ runId }) => runId)).toEqual(all.outstanding);
  // The hub of the other lane lives, and does not come to it.
  await vi.waitFor(
    async () =>
      expect((await store.due(100)).map(({ runId }) => runId).toSorted()).toEqual(
        [runs.onTime.runId, runs.onLimit.runId].toSorted(),
      ),
    { timeout: 10_000, interval: 100 },
  );
});

test('a hub that starts leaves to a hub that lives what that is about to send', async () => {
  const lane = await claimLane(fixture.pool, 'living', 60_000);
  if (lane === null) throw new Error('no free lane');
  const epoch = queueEpoch(fixture.messaging);
  await epoch.beginRebuild('test');
  await epoch.finishRebuild('test');
  await committing(postgresStore(fixture.pool, lane)).handle(begin(unlimited));
  const sent: string[] = [];
  const publish: typeof fixture.messaging.publish = async (queue) => void sent.push(queue);
  await fixture.startHub({ catalog, messaging: { ...fixture.messaging, publish } });
  expect(sent).toEqual([]);
  await vi.waitFor(() => expect(sent).toEqual(['worker-nobody']), { timeout: 10_000, interval: 100 });
});

test('what a process that has ended for sure was about to send is sent as soon as another one starts', async () => {
  const lane = await claimLane(fixture.pool, 'gone', 60_000);
  if (lane === null) throw new Error('no free lane');
  const epoch = queueEpoch(fixture.messaging);
  await epoch.beginRebuild('test');
  await epoch.finishRebuild('test');
  await committing(postgresStore(fixture.pool, lane)).handle(begin(unlimited));
  const sent: string[] = [];
  const publish: typeof fixture.messaging.publish = async (queue) => void sent.push(queue);
  const isGone = (owner: string): boolean => owner === 'gone';
  await fixture.startHub({ catalog, isGone, messaging: { ...fixture.messaging, publish } });
  expect(sent).toEqual(['worker-nobody']);
});

test("the results of a lane are anybody's once its hub gave it back, or was not heard for six seconds, and not before", async () => {
  const hub = await fixture.startHub({ catalog });
  const held = await claimLane(fixture.pool, 'held', LIVES_WHILE_LASTING_MS + 5_000);
  const silent = await claimLane(fixture.pool, 'silent', LIVES_WHILE_LASTING_MS);
  if (held === null || silent === null) throw new Error('no free lane');
  for (const lane of [held, silent]) await committing(postgresStore(fixture.pool, lane)).handle(begin(unlimited));
  await hub.handle(begin(unlimited));
  const leftBehind = async () =>
    (await lanesLeftBehind(fixture.pool, LIVES_WHILE_LASTING_MS)).toSorted((a, b) => a - b);
  expect(await leftBehind()).toEqual([silent.lane]);
  await hub.stop();
  expect(await leftBehind()).toEqual([hub.lane, silent.lane].toSorted((a, b) => a - b));
});

test('a hub that is about to end gives its lane away: others look after it at once, and what it has in work is still written', async () => {
  const [leaving, staying] = [await fixture.startHub({ catalog }), await fixture.startHub({ catalog })];
  const heard = Promise.withResolvers<void>();
  const unlisten = await staying.onLaneGiven(heard.resolve);
  await leaving.handle(begin(unlimited));
  const leftBehind = () => lanesLeftBehind(fixture.pool, LIVES_WHILE_LASTING_MS);
  expect(await leftBehind()).toEqual([]);
  await leaving.giveLaneAway();
  await heard.promise;
  unlisten();
  expect(await leftBehind()).toEqual([leaving.lane]);
  expect(staying.isFirst).toBe(true);
  expect((await claimLane(fixture.pool, 'third', 1_000))?.lane).not.toBe(leaving.lane);
  expect(await leaving.handle(begin(unlimited))).toBe('committed');
});

test('of two hubs one is killed: what it left behind goes on in the other', async () => {
  const survivor = await fixture.startHub({ catalog });
  const runs = await leftBehind(await fixture.store());
  const own = begin(timer);
  await survivor.handle(own);
  const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
  for (const { runId } of [runs.onTime, own]) {
    await eventually(async () => expect(await stateOf(runId)).toMatchObject({ status: 'succeeded', output: 'woken' }));
  }
  for (const { runId } of [runs.notBegun, runs.notTold]) {
    await eventually(async () => expect(await stateOf(runId)).toMatchObject({ status: 'succeeded', output: 'done' }));
  }
  await eventually(async () =>
    expect(await stateOf(runs.onLimit.runId)).toMatchObject({ status: 'failed', error: 'States.Timeout' }),
  );
  await eventually(async () => expect(await stateOf(runs.childId)).toMatchObject({ status: 'cancelled' }));
});
