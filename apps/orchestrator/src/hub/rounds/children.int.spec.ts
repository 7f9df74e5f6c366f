import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { childRequestId, childRunIdOf, type JsonObject } from '@baton/contracts';
import { parseWorkflowDocument, type RunState, readEvent, rebuild, type WorkflowDocument } from '@baton/workflow';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { HubFixture, log } from '../../testing/hub-fixture.js';
import { Batcher } from '../batching/batcher.js';
import type { Hub } from '../hub.js';
import type { HubMessage } from '../message.js';

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

function workflow(name: string, States: JsonObject, over: JsonObject = {}): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0] ?? '', States };
  const parsed = parseWorkflowDocument({ name, version: '1.0.0', title: name, definition, ...over });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

const child = (ref: string, over: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: `baton:workflow:${ref}`,
  ...(over.Next === undefined ? { End: true } : {}),
  ...over,
});

/** Doubles a number. */
const double = workflow(
  'double',
  { D: { Type: 'Pass', Output: '{% $states.input.n * 2 %}', End: true } },
  { input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } },
);
const failing = workflow('failing', { F: { Type: 'Fail', Error: 'Weather', Cause: 'rain' } });
/** Waits for ever. */
const waiting = workflow('waiting', { S: { Type: 'Task', Resource: 'baton:signal:never', End: true } });
/** Runs itself until its input has counted down. */
const countdown = workflow('countdown', {
  C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n <= 0 %}', Next: 'Done' }], Default: 'Again' },
  Again: child('countdown', { Arguments: '{% { "n": $states.input.n - 1 } %}', Output: '{% $states.result + 1 %}' }),
  Done: { Type: 'Pass', Output: 0, End: true },
});

const catalog = createCatalog(
  [double, failing, waiting, countdown].map((document) => ({
    document,
    sha256: SHA,
    file: `${document.name}.yaml`,
  })),
);

async function startHub(): Promise<Hub> {
  const hub = await fixture.startHub({ catalog });
  hubs.push(hub);
  return hub;
}

function begin(document: WorkflowDocument, input: JsonObject = {}): HubMessage {
  const runId = randomUUID();
  const requestId = `start ${runId}`;
  return {
    runId,
    order: {
      type: 'StartRun',
      submission: { requestId, runId, workflow: document.name, input },
      document,
      sha256: SHA,
    },
    actor: { type: 'user', id: 'tester' },
    causationId: requestId,
    requestId,
  };
}

async function stateOf(runId: string): Promise<RunState> {
  const events = await fixture.events(runId);
  return rebuild(events.map(readEvent));
}

const cancel = (runId: string): HubMessage => ({
  runId,
  order: { type: 'CancelRun', requestId: `cancel ${runId}`, reason: 'enough' },
  actor: { type: 'user', id: 'tester' },
  causationId: 'cancel',
  requestId: `cancel ${runId}`,
});

const eventually = (check: () => Promise<void>, timeout = 10_000) => vi.waitFor(check, { timeout, interval: 25 });

describe('a child run', () => {
  test('begins, and its output is the result of the state that asked for it', async () => {
    const hub = await startHub();
    const start = begin(workflow('parent', { A: child('double', { Arguments: { n: 21 } }) }));
    await hub.handle(start);
    await eventually(async () => expect(await stateOf(start.runId)).toMatchObject({ status: 'succeeded', output: 42 }));
    const childState = await stateOf(childRunIdOf(`${start.runId}-1`));
    expect(childState).toMatchObject({
      status: 'succeeded',
      submittedBy: { type: 'user', id: 'tester' },
      parent: { runId: start.runId, commandId: `${start.runId}-1`, depth: 1 },
    });
  });

  test('that fails fails its state with its own error, which can be caught', async () => {
    const hub = await startHub();
    const start = begin(
      workflow('parent', {
        A: child('failing', { Catch: [{ ErrorEquals: ['Weather'], Next: 'Caught' }] }),
        Caught: { Type: 'Pass', End: true },
      }),
    );
    await hub.handle(start);
    await eventually(async () =>
      expect(await stateOf(start.runId)).toMatchObject({ output: { Error: 'Weather', Cause: 'rain' } }),
    );
  });

  test.each([
    ['of a workflow that nobody knows', child('nobody'), /no workflow nobody/],
    ['with an input that does not fit', child('double', { Arguments: { n: 'x' } }), /\/n/],
    ['with an input that is no object', child('double', { Arguments: [1] }), /does not fit/],
  ])('%s fails its state with Baton.ChildNotStarted', async (_what, state, cause) => {
    const hub = await startHub();
    const start = begin(workflow('parent', { A: state }));
    await hub.handle(start);
    await eventually(async () =>
      expect(await stateOf(start.runId)).toMatchObject({
        status: 'failed',
        error: 'Baton.ChildNotStarted',
        cause: expect.stringMatching(cause),
      }),
    );
  });

  test('is cancelled with its parent, and with what is inside it', async () => {
    const hub = await startHub();
    const start = begin(workflow('parent', { A: child('waiting') }));
    await hub.handle(start);
    const childId = childRunIdOf(`${start.runId}-1`);
    await eventually(async () => expect(await stateOf(childId)).toMatchObject({ status: 'running' }));
    await hub.handle(cancel(start.runId));
    await eventually(async () => expect(await stateOf(childId)).toMatchObject({ status: 'cancelled' }));
  });

  test('is cancelled when the state that asked for it ran out of time', async () => {
    const hub = await startHub();
    const start = begin(workflow('parent', { A: child('waiting', { TimeoutSeconds: 1 }) }));
    await hub.handle(start);
    await eventually(async () => expect(await stateOf(start.runId)).toMatchObject({ error: 'States.Timeout' }));
    await eventually(async () =>
      expect(await stateOf(childRunIdOf(`${start.runId}-1`))).toMatchObject({ status: 'cancelled' }),
    );
  });

  test('that was cancelled itself fails its state with Baton.Cancelled', async () => {
    const hub = await startHub();
    const start = begin(workflow('parent', { A: child('waiting') }));
    await hub.handle(start);
    const childId = childRunIdOf(`${start.runId}-1`);
    await eventually(async () => expect(await stateOf(childId)).toMatchObject({ status: 'running' }));
    await hub.handle(cancel(childId));
    await eventually(async () => expect(await stateOf(start.runId)).toMatchObject({ error: 'Baton.Cancelled' }));
  });

  test('a hundred of them, one inside the other, end', async () => {
    const hub = await startHub();
    const start = begin(countdown, { n: 100 });
    await hub.handle(start);
    await eventually(async () => expect(await stateOf(start.runId)).toMatchObject({ output: 100 }), 30_000);
  }, 40_000);

  test('of a workflow that runs itself for ever, there is an end', async () => {
    const hub = await startHub();
    const start = begin(countdown, { n: 1e9 });
    await hub.handle(start);
    await eventually(
      async () => expect(await stateOf(start.runId)).toMatchObject({ error: 'Baton.ChildNotStarted' }),
      90_000,
    );
  }, 100_000);
});

describe('a hub that was killed', () => {
  const parent = workflow('parent', { A: child('double', { Arguments: { n: 1 } }) });

  /** Commits, and dies before it does anything about it. */
  async function committing(): Promise<Batcher> {
    const store = await fixture.store();
    const monotonicMs = () => performance.now();
    return new Batcher({ store, dispatchedSeq: () => 0, dispatch: () => {}, nowMs: Date.now, monotonicMs, log });
  }

  test('before it began a child: another begins it', async () => {
    const start = begin(parent);
    await (await committing()).handle(start);
    expect(await fixture.events(childRunIdOf(`${start.runId}-1`))).toEqual([]);
    await startHub();
    await eventually(async () => expect(await stateOf(start.runId)).toMatchObject({ output: 2 }));
  });

  test('before it told the parent: another tells it, and nothing began twice', async () => {
    const start = begin(parent);
    const dying = await committing();
    await dying.handle(start);
    const commandId = `${start.runId}-1`;
    const [runId, requestId] = [childRunIdOf(commandId), childRequestId(commandId)];
    const submission = { requestId, runId, workflow: 'double', input: { n: 1 } };
    await dying.handle({
      runId,
      order: {
        type: 'StartRun',
        submission,
        document: double,
        sha256: SHA,
        parent: { runId: start.runId, commandId, depth: 1 },
      },
      actor: { type: 'system', id: 'orchestrator' },
      causationId: commandId,
      requestId,
    });
    expect(await stateOf(runId)).toMatchObject({ status: 'succeeded' });
    expect(await stateOf(start.runId)).toMatchObject({ status: 'running' });
    await startHub();
    await eventually(async () => expect(await stateOf(start.runId)).toMatchObject({ output: 2 }));
    expect((await fixture.events(runId)).filter(({ type }) => type === 'RunStarted')).toHaveLength(1);
  });
});
