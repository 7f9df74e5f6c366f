import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@baton/contracts';
import { createLineage, createPool, landVersion, lineageVersions, putBlob } from '@baton/event-store';
import { parseWorkflowDocument, type RunState, readEvent, rebuild, type WorkflowDocument } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { HubFixture, log } from '../../testing/hub-fixture.js';
import { Batcher } from '../batching/batcher.js';
import type { Hub } from '../hub.js';
import type { HubMessage } from '../message.js';

let fixture: HubFixture;
let owner: Pool;
let hubs: Hub[] = [];
beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  owner = createPool(fixture.database.url, { role: 'owner', applicationName: 'lineages-test', max: 2 });
});
afterAll(async () => {
  await owner?.end();
  await fixture?.close({ isReplayed: true });
});
afterEach(async () => {
  await Promise.all(hubs.map((hub) => hub.stop()));
  hubs = [];
});

async function startHub(): Promise<Hub> {
  const hub = await fixture.startHub();
  hubs.push(hub);
  return hub;
}

function workflow(States: JsonObject): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0] ?? '', States };
  const parsed = parseWorkflowDocument({ name: 'lands', version: '1.0.0', title: 'lands', definition });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

/** Lands a tree, and where the head has moved by then, lands it on that. */
const landing = workflow({
  Begin: { Type: 'Pass', Assign: { from: '{% $states.input.from %}', tries: 0 }, Next: 'Land' },
  Land: {
    Type: 'Task',
    Resource: 'baton:lineage',
    Arguments: {
      lineage: '{% $states.context.Execution.Input.lineage %}',
      from: '{% $from %}',
      tree: '{% $states.context.Execution.Input.tree %}',
    },
    Assign: { from: '{% $states.result.head.tree %}', tries: '{% $tries + 1 %}' },
    Next: 'Landed',
  },
  Landed: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.landed %}', Next: 'Done' }],
    Default: 'Land',
  },
  Done: { Type: 'Pass', End: true },
});
/** Tries once, and says what came of it. */
const once = workflow({
  Land: { Type: 'Task', Resource: 'baton:lineage', Arguments: '{% $states.input %}', End: true },
});

function begin(document: WorkflowDocument, input: JsonObject): HubMessage & { readonly runId: string } {
  const runId = randomUUID();
  const requestId = `start ${runId}`;
  return {
    runId,
    order: {
      type: 'StartRun',
      submission: { requestId, runId, workflow: document.name, input, actor: { type: 'user', id: 'tester' } },
      document,
      sha256: 'a'.repeat(64),
    },
    actor: { type: 'user', id: 'tester' },
    causationId: requestId,
    requestId,
  };
}

async function stateOf(runId: string): Promise<RunState> {
  return rebuild((await fixture.events(runId)).map(readEvent));
}

const eventually = (check: () => Promise<void>, timeout = 20_000) => vi.waitFor(check, { timeout, interval: 25 });
const tree = async (): Promise<string> => (await putBlob(fixture.pool, randomUUID())).sha256;

async function aLineage(): Promise<{ readonly lineage: string; readonly first: string }> {
  const [lineage, first] = [`l-${randomUUID()}`, await tree()];
  expect(
    await createLineage(owner, { name: lineage, workspace: { tree: first }, actor: { type: 'user', id: 'maker' } }),
  ).toBe('created');
  return { lineage, first };
}
const versionsOf = (name: string) => lineageVersions(fixture.pool, { name, limit: 100 });

describe('a lineage', () => {
  test('has what a run landed as its head, and says which run, which state and who', async () => {
    const { lineage, first } = await aLineage();
    const [hub, made] = [await startHub(), await tree()];
    const start = begin(once, { lineage, from: first, tree: made });
    await hub.handle(start);
    await eventually(async () =>
      expect(await stateOf(start.runId)).toMatchObject({
        status: 'succeeded',
        output: { landed: true, head: { number: 2, tree: made, runId: start.runId } },
      }),
    );
    expect(await versionsOf(lineage)).toMatchObject([
      { number: 2, tree: made, runId: start.runId, state: 'Land', actor: { type: 'user', id: 'tester' } },
      { number: 1, tree: first, runId: null, state: null, actor: { type: 'user', id: 'maker' } },
    ]);
  });

  test('keeps its head where a run comes from another version, and the run is told which', async () => {
    const { lineage, first } = await aLineage();
    const [hub, one, other] = [await startHub(), await tree(), await tree()];
    const [before, late] = [
      begin(once, { lineage, from: first, tree: one }),
      begin(once, { lineage, from: first, tree: other }),
    ];
    await hub.handle(before);
    await eventually(async () => expect(await stateOf(before.runId)).toMatchObject({ status: 'succeeded' }));
    await hub.handle(late);
    await eventually(async () =>
      expect(await stateOf(late.runId)).toMatchObject({
        status: 'succeeded',
        output: { landed: false, head: { number: 2, tree: one, runId: before.runId } },
      }),
    );
    expect((await versionsOf(lineage)).map(({ tree }) => tree)).toEqual([one, first]);
  });

  test('takes twenty runs at once, over two orchestrators, each exactly once and on the one before', async () => {
    const { lineage, first } = await aLineage();
    const [hub, second] = [await startHub(), await startHub()];
    const starts = await Promise.all(
      Array.from({ length: 20 }, async () => begin(landing, { lineage, from: first, tree: await tree() })),
    );
    await Promise.all(starts.map((start, n) => (n % 2 === 0 ? hub : second).handle(start)));
    for (const { runId } of starts) {
      await eventually(async () => expect(await stateOf(runId)).toMatchObject({ status: 'succeeded' }));
    }
    const versions = await versionsOf(lineage);
    expect(versions.map(({ number }) => number)).toEqual(Array.from({ length: 21 }, (_, n) => 21 - n));
    expect(new Set(versions.map(({ runId }) => runId))).toEqual(new Set([null, ...starts.map(({ runId }) => runId)]));
  });

  /** A run whose hub ended as soon as it had asked to land. */
  async function leftByItsHub(input: JsonObject): Promise<{ readonly runId: string; readonly commandId: string }> {
    const batcher = new Batcher({
      store: await fixture.store(),
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      dispatchedSeq: () => 0,
      dispatch: () => {},
      log,
    });
    const start = begin(once, input);
    await batcher.handle(start);
    await batcher.stop();
    return { runId: start.runId, commandId: `${start.runId}-1` };
  }

  test('is moved once by a run whose orchestrator was killed between the move and the telling', async () => {
    const { lineage, first } = await aLineage();
    const [made, later] = [await tree(), await tree()];
    const { runId, commandId } = await leftByItsHub({ lineage, from: first, tree: made });
    const asked = {
      commandId,
      lineage,
      from: first,
      tree: made,
      state: 'Land',
      actor: { type: 'user', id: 'x' },
    } as const;
    expect(await landVersion(fixture.pool, asked)).toMatchObject({ landed: true, head: { number: 2 } });
    // Somebody else lands before the run is told.
    const other = await leftByItsHub({ lineage, from: made, tree: later });
    await landVersion(fixture.pool, { ...asked, commandId: other.commandId, from: made, tree: later });
    await startHub();
    await eventually(async () =>
      expect(await stateOf(runId)).toMatchObject({
        status: 'succeeded',
        output: { landed: true, head: { number: 2 } },
      }),
    );
    await eventually(async () => expect(await stateOf(other.runId)).toMatchObject({ status: 'succeeded' }));
    expect((await versionsOf(lineage)).map(({ tree }) => tree)).toEqual([later, made, first]);
  });

  test('is not moved by a run that is over', async () => {
    const { lineage, first } = await aLineage();
    const made = await tree();
    const { runId, commandId } = await leftByItsHub({ lineage, from: first, tree: made });
    const store = await fixture.store();
    const [hub] = [
      new Batcher({
        store,
        nowMs: Date.now,
        monotonicMs: () => performance.now(),
        dispatchedSeq: () => 0,
        dispatch: () => {},
        log,
      }),
    ];
    await hub.handle({
      runId,
      order: { type: 'CancelRun', requestId: `cancel ${runId}`, reason: 'enough' },
      actor: { type: 'user', id: 'tester' },
      causationId: 'cancel',
      requestId: `cancel ${runId}`,
    });
    await hub.stop();
    const asked = {
      commandId,
      lineage,
      from: first,
      tree: made,
      state: 'Land',
      actor: { type: 'user', id: 'x' },
    } as const;
    expect(await landVersion(fixture.pool, asked)).toBe('closed');
    expect(await versionsOf(lineage)).toHaveLength(1);
  });

  test.each([
    ['no such lineage', { lineage: 'nowhere' }, 'There is no lineage nowhere.'],
    ['a workspace that was never a version of it', { from: 'f'.repeat(64) }, 'was never a version of the lineage'],
    ['a tree that is not there', { tree: 'e'.repeat(64) }, 'There is no workspace e'],
    ['arguments that do not fit', { tree: 'main' }, 'The arguments do not fit'],
  ])('fails the state for %s, and says so', async (_, wrong, cause) => {
    const { lineage, first } = await aLineage();
    const hub = await startHub();
    const start = begin(once, { lineage, from: first, tree: await tree(), ...wrong });
    await hub.handle(start);
    await eventually(async () =>
      expect(await stateOf(start.runId)).toMatchObject({
        status: 'failed',
        error: 'Baton.InvalidInput',
        cause: expect.stringContaining(cause),
      }),
    );
    expect(await versionsOf(lineage)).toHaveLength(1);
  });

  test('is for nobody to change behind the hub, not even for its own login', async () => {
    const { lineage } = await aLineage();
    for (const sql of [
      `update baton.lineage_version set tree = tree where lineage = '${lineage}'`,
      `delete from baton.lineage where name = '${lineage}'`,
      'truncate baton.lineage_version',
    ]) {
      await expect(fixture.pool.query(sql)).rejects.toThrow();
      await expect(owner.query(sql)).rejects.toThrow('append-only');
    }
    await expect(
      owner.query('delete from baton.blob where sha256 in (select tree from baton.lineage_version)'),
    ).rejects.toThrow('foreign key');
  });
});
