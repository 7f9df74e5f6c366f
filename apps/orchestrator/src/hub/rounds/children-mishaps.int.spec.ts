import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { childRequestId, childRunIdOf, type JsonObject } from '@baton/contracts';
import { parseWorkflowDocument, type RunState, readEvent, rebuild, type WorkflowDocument } from '@baton/workflow';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { cutOfRun } from '../../requests/cut-of-run.js';
import { HubFixture, log, sealerOf } from '../../testing/hub-fixture.js';
import { Batcher } from '../batching/batcher.js';
import type { Hub } from '../hub.js';
import type { HubMessage } from '../message.js';
import { Children } from './children.js';

/* What can come between a run and its child besides a crash: steering, other requests, rows that cannot be read. */

let fixture: HubFixture;
let hubs: Hub[] = [];
beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
});
afterAll(() => fixture?.close({ isReplayed: true }));
afterEach(async () => {
  await Promise.all(hubs.map((hub) => hub.stop()));
  hubs = [];
});

const SHA = 'a'.repeat(64);
const USER = { type: 'user', id: 'tester' } as const;

function workflow(name: string, States: JsonObject, over: JsonObject = {}): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0] ?? '', States };
  const parsed = parseWorkflowDocument({ name, version: '1.0.0', title: name, definition, ...over });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

const child = (ref: string): JsonObject => ({ Type: 'Task', Resource: `baton:workflow:${ref}`, End: true });
const failing = workflow('failing', { F: { Type: 'Fail', Error: 'Weather', Cause: 'rain' } });
const done = workflow('done', { D: { Type: 'Pass', Output: 'done', End: true } });
const spending = workflow(
  'spending',
  {
    W: { Type: 'Task', Resource: 'baton:worker:any', Next: 'S' },
    S: { Type: 'Task', Resource: 'baton:signal:never', End: true },
  },
  { budget: { usd: 0.5 } },
);
const catalog = createCatalog(
  [failing, done, spending].map((document) => ({ document, sha256: SHA, file: document.name })),
);

async function startHub(): Promise<Hub> {
  const hub = await fixture.startHub({ catalog });
  hubs.push(hub);
  return hub;
}

function begin(document: WorkflowDocument, runId: string = randomUUID()): HubMessage {
  const requestId = `start ${runId}`;
  const submission = { requestId, runId, workflow: document.name, input: {} };
  const order = { type: 'StartRun', submission, document, sha256: SHA } as const;
  return { runId, order, actor: USER, causationId: requestId, requestId };
}

async function stateOf(runId: string): Promise<RunState> {
  const events = await fixture.events(runId);
  return rebuild(events.map(readEvent));
}

/** Commits, and does nothing about it. */
async function committing(): Promise<Batcher> {
  const store = await fixture.store();
  const monotonicMs = () => performance.now();
  return new Batcher({ store, dispatchedSeq: () => 0, dispatch: () => {}, nowMs: Date.now, monotonicMs, log });
}

const eventually = (check: () => Promise<void>, timeout = 10_000) => vi.waitFor(check, { timeout, interval: 25 });

test('a child that is retried before its parent learned that it failed is a run of its own, and the parent goes on', async () => {
  const start = begin(workflow('parent', { A: child('failing') }));
  const dying = await committing();
  await dying.handle(start);
  const commandId = `${start.runId}-1`;
  const [runId, requestId] = [childRunIdOf(commandId), childRequestId(commandId)];
  const submission = { requestId, runId, workflow: 'failing', input: {} };
  const parent = { runId: start.runId, commandId, depth: 1 };
  await dying.handle({
    runId,
    order: { type: 'StartRun', submission, document: failing, sha256: SHA, parent },
    actor: { type: 'system', id: 'orchestrator' },
    causationId: commandId,
    requestId,
  });
  const { cut, eventCount } = await cutOfRun(fixture.pool, runId);
  await dying.handle({
    runId,
    order: { type: 'RetryRun', requestId: `retry ${runId}`, runId, reason: '', cut, failedAt: eventCount },
    actor: USER,
    causationId: `retry ${runId}`,
    requestId: `retry ${runId}`,
  });
  expect(await stateOf(runId)).toMatchObject({ parent: null });
  await startHub();
  await eventually(async () =>
    expect(await stateOf(start.runId)).toMatchObject({ status: 'failed', error: 'Baton.ChildNotStarted' }),
  );
});

test('a child whose id somebody took for another run fails its state', async () => {
  const hub = await startHub();
  const start = begin(workflow('parent', { A: child('done') }));
  await hub.handle(begin(done, childRunIdOf(`${start.runId}-1`)));
  await hub.handle(start);
  await eventually(async () =>
    expect(await stateOf(start.runId)).toMatchObject({
      status: 'failed',
      error: 'Baton.ChildNotStarted',
      cause: expect.stringContaining('another request'),
    }),
  );
});

test('a child that was cancelled has cost its parent what it used', async () => {
  const hub = await startHub();
  const start = begin(workflow('parent', { A: child('spending') }, { budget: { usd: 40 } }));
  await hub.handle(start);
  const childId = childRunIdOf(`${start.runId}-1`);
  await eventually(async () => expect(await stateOf(childId)).toMatchObject({ status: 'running' }));
  // Its workflow allows less than its parent could give it.
  expect(await stateOf(childId)).toMatchObject({ budget: { usd: 0.5 } });
  const usage = { inputTokens: 10, outputTokens: 5, costUsd: 0.25 };
  await hub.handle({
    runId: childId,
    order: { type: 'CompleteTask', commandId: `${childId}-1`, output: {}, usage },
    actor: { type: 'agent', id: 'test' },
    causationId: 'answer',
  });
  const requestId = `cancel ${childId}`;
  const cancel = { type: 'CancelRun', requestId, reason: 'enough' } as const;
  await hub.handle({ runId: childId, order: cancel, actor: USER, causationId: requestId, requestId });
  await eventually(async () =>
    expect(await stateOf(start.runId)).toMatchObject({
      error: 'Baton.Cancelled',
      spent: { microUsd: 250_000, tokens: 15 },
    }),
  );
});

test('what cannot be done for one child does not keep the others from being looked after', async () => {
  const dying = await committing();
  const runs = [begin(workflow('parent', { A: child('done') })), begin(workflow('parent', { A: child('done') }))];
  for (const run of runs) await dying.handle(run);
  const [bad, good] = runs.map(({ runId }) => `${runId}-1`).sort();
  const store = await fixture.store();
  const began: string[] = [];
  const children = new Children({
    sealer: sealerOf(fixture.pool),
    store: {
      ...store,
      childrenToStart: async ({ limit }) =>
        (await store.childrenToStart({ olderThanMs: -60_000, limit })).map((row) =>
          row.commandId === bad ? { ...row, message: { ...row.message, blobRef: { sha256: SHA, size: 1 } } } : row,
        ),
    },
    catalog,
    getBlob: async () => {
      throw new Error('there is no such blob');
    },
    handle: async (message) => {
      began.push(message.causationId);
      return dying.handle(message);
    },
    log,
  });
  await children.round();
  expect(began).toContain(good);
  expect(began).not.toContain(bad);
});

test('two hubs that pause, resume and tell the same parents begin and count each child once', async () => {
  const both = [await startHub(), await startHub()];
  const items = [1, 2, 3, 4, 5];
  const each = { StartAt: 'A', States: { A: child('done') } };
  const parents = Array.from({ length: 12 }, () =>
    begin(workflow('parent', { M: { Type: 'Map', Items: items, ItemProcessor: each, End: true } })),
  );
  const steer = (runId: string, type: 'PauseRun' | 'ResumeRun', requestId: string) =>
    both.map((hub) =>
      hub.handle({
        ...{ runId, actor: USER, causationId: requestId, requestId },
        order: type === 'PauseRun' ? { type, requestId, reason: '' } : { type, requestId, runId },
      }),
    );
  await Promise.all(
    parents.map(async (start) => {
      await Promise.all(both.map((hub) => hub.handle(start)));
      await Promise.all(steer(start.runId, 'PauseRun', `pause ${start.runId}`));
      await Promise.all(steer(start.runId, 'ResumeRun', `resume ${start.runId}`));
    }),
  );
  for (const { runId } of parents) {
    await eventually(async () =>
      expect(await stateOf(runId)).toMatchObject({ status: 'succeeded', output: items.map(() => 'done') }),
    );
    const types = (await fixture.events(runId)).map(({ type }) => type);
    expect(types.filter((type) => type === 'TaskSucceeded')).toHaveLength(items.length);
    expect(types.filter((type) => type === 'RunResumed').length).toBeLessThanOrEqual(1);
  }
});
