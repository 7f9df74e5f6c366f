import { randomUUID } from 'node:crypto';
import { catalogMigrations, openCatalog } from '@baton/catalog';
import { childRunIdOf, type JsonObject } from '@baton/contracts';
import { documentsToPublish, migrate } from '@baton/event-store';
import { checkComposition } from '@baton/goals';
import { parseWorkflowDocument, type RunState, readEvent, rebuild } from '@baton/workflow';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { HubFixture, log } from '../../testing/hub-fixture.js';
import { Batcher } from '../batching/batcher.js';
import type { Hub } from '../hub.js';
import type { HubMessage } from '../message.js';
import { publicationsIn } from './publications.js';

let fixture: HubFixture;
let hubs: Hub[] = [];
beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  await migrate(fixture.database.url, [catalogMigrations]);
});
afterAll(() => fixture?.close({ isReplayed: true }));
afterEach(async () => {
  await Promise.all(hubs.map((hub) => hub.stop()));
  hubs = [];
});

async function startHub(): Promise<Hub> {
  const hub = await fixture.startHub({ catalog: openCatalog(fixture.pool, []) });
  hubs.push(hub);
  return hub;
}

/** A document as the check composes it, of one task that nobody takes. */
function composed(title: string): JsonObject {
  const kind = fixture.kind;
  const worker = { kind, description: '', isAlive: true, input: {}, output: null, past: null };
  const step = { name: 'One', does: 'it', use: `worker:${kind}`, arguments: [] };
  const catalog = { workers: [worker], workflows: [], leftOff: 0 };
  const { document } = checkComposition({ title, why: '', steps: [step], missing: [] }, {}, catalog);
  if (document === null) throw new Error('it is not composed');
  return document;
}

function begin(document: JsonObject): HubMessage {
  const parsed = parseWorkflowDocument({
    name: 'publishes',
    version: '1.0.0',
    title: 'publishes',
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'Publish',
      States: {
        Publish: {
          Type: 'Task',
          Resource: 'baton:publish',
          Arguments: { document: '{% $states.input %}' },
          Assign: { published: '{% $states.result %}' },
          Next: 'Run',
        },
        Run: {
          Type: 'Task',
          Resource: 'baton:workflow',
          Arguments: { workflow: '{% $published.ref %}', input: { goal: 'x' } },
          End: true,
        },
      },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const runId = randomUUID();
  const requestId = `start ${runId}`;
  const submission = { requestId, runId, workflow: 'publishes', input: document };
  return {
    ...{ runId, actor: { type: 'user', id: 'ada' }, causationId: requestId, requestId },
    order: { type: 'StartRun', submission, document: parsed.document, sha256: 'a'.repeat(64) },
  };
}

const stateOf = async (runId: string): Promise<RunState> => rebuild((await fixture.events(runId)).map(readEvent));
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 25 });
const published = async (name: unknown) =>
  (await fixture.pool.query('select published_by::text as by from baton.workflow where name = $1', [name])).rows;

test('what a run composed is published under its hash by whoever submitted the run, and a child runs it', async () => {
  const hub = await startHub();
  const document = composed('One');
  const start = begin(document);
  await hub.handle(start);
  await eventually(async () =>
    expect(await stateOf(childRunIdOf(`${start.runId}-2`))).toMatchObject({ status: 'running' }),
  );
  expect(await stateOf(childRunIdOf(`${start.runId}-2`))).toMatchObject({
    workflow: { name: document.name, version: '1.0.0' },
    input: { goal: 'x' },
    parent: { runId: start.runId },
  });
  expect(await published(document.name)).toEqual([{ by: expect.stringContaining('ada') }]);
});

test('the same composed by another run is published once, and both run it', async () => {
  const hub = await startHub();
  const document = composed('Same');
  const starts = [begin(document), begin(document)];
  await Promise.all(starts.map((start) => hub.handle(start)));
  for (const { runId } of starts)
    await eventually(async () =>
      expect(await stateOf(childRunIdOf(`${runId}-2`))).toMatchObject({ status: 'running' }),
    );
  expect(await published(document.name)).toHaveLength(1);
});

test('a hub that ended before it published, or before its run was told, is stood in for by another', async () => {
  const store = await fixture.store();
  const monotonicMs = () => performance.now();
  const dying = new Batcher({ store, dispatchedSeq: () => 0, dispatch: () => {}, nowMs: Date.now, monotonicMs, log });
  const [first, second] = [begin(composed('Before')), begin(composed('Between'))];
  await dying.handle(first);
  await dying.handle(second);
  // The second was published, and its process ended before it could tell.
  const half = publicationsIn(fixture.pool, openCatalog(fixture.pool, []), {
    scope: () => ({}),
    handle: async () => 'ignored',
    log,
  });
  half.onCommitted(await openCommandsOf(second.runId));
  await eventually(async () => expect(await published(composed('Between').name)).toHaveLength(1));
  await startHub();
  for (const { runId } of [first, second])
    await eventually(async () =>
      expect(await stateOf(childRunIdOf(`${runId}-2`))).toMatchObject({ status: 'running' }),
    );
  for (const title of ['Before', 'Between']) expect(await published(composed(title).name)).toHaveLength(1);
});

test.each([
  ['of another name', (document: JsonObject) => ({ ...document, name: 'seven-step' }), 'not that of a composed'],
  ['that was changed', (document: JsonObject) => ({ ...document, title: 'Other' }), 'does not follow'],
  ['that is none', () => ({ name: 'goal-0000000000000000' }), 'does not follow'],
])('a document %s is not published, and its run is told why', async (_, change, why) => {
  const hub = await startHub();
  const start = begin(change(composed(randomUUID())));
  await hub.handle(start);
  await eventually(async () =>
    expect(await stateOf(start.runId)).toMatchObject({
      status: 'failed',
      error: 'Baton.InvalidInput',
      cause: expect.stringContaining(why),
    }),
  );
});

async function openCommandsOf(runId: string) {
  const commands = await documentsToPublish(fixture.pool, { olderThanMs: -60_000, limit: 100 });
  return commands.filter((command) => command.runId === runId);
}
