import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@baton/contracts';
import { createLineage, createPool, landVersion, lineageVersions, putBlob } from '@baton/event-store';
import { type RunState, readEvent, rebuild } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { HubFixture, log } from '../../testing/hub-fixture.js';
import { begin, cancel, landing, landingAfterAWord, landingOnce, landingSlowly } from '../../testing/landing-runs.js';
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

async function stateOf(runId: string): Promise<RunState> {
  return rebuild((await fixture.events(runId)).map(readEvent));
}

async function enteredBy(runId: string): Promise<readonly string[]> {
  const events = (await fixture.events(runId)).map(readEvent);
  return events.flatMap(({ type, data }) => (type === 'StateEntered' ? [data.state] : []));
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
    const start = begin(landingOnce, { lineage, from: first, tree: made });
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
      begin(landingOnce, { lineage, from: first, tree: one }),
      begin(landingOnce, { lineage, from: first, tree: other }),
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

  test('takes twenty runs at once, over two orchestrators, each exactly once, on the one before, and after one merge at most', async () => {
    const { lineage, first } = await aLineage();
    const [hub, second] = [await startHub(), await startHub()];
    const starts = await Promise.all(
      Array.from({ length: 20 }, async () => begin(landing, { lineage, from: first, tree: await tree() })),
    );
    await Promise.all(starts.map((start, n) => (n % 2 === 0 ? hub : second).handle(start)));
    for (const { runId } of starts) {
      // The second time it stands on the head, and nobody has landed before it meanwhile.
      await eventually(async () =>
        expect(await stateOf(runId)).toMatchObject({ status: 'succeeded', output: expect.toBeOneOf([1, 2]) }),
      );
    }
    const versions = await versionsOf(lineage);
    expect(versions.map(({ number }) => number)).toEqual(Array.from({ length: 21 }, (_, n) => 21 - n));
    expect(new Set(versions.map(({ runId }) => runId))).toEqual(new Set([null, ...starts.map(({ runId }) => runId)]));
  });

  /** Decided by a hub that ends at once, and does nothing of what comes of it. */
  async function decided(message: HubMessage): Promise<void> {
    const batcher = new Batcher({
      store: await fixture.store(),
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      dispatchedSeq: () => 0,
      dispatch: () => {},
      log,
    });
    await batcher.handle(message);
    await batcher.stop();
  }

  /** A run whose hub ended as soon as it had asked to land. */
  async function leftByItsHub(input: JsonObject): Promise<{ readonly runId: string; readonly commandId: string }> {
    const start = begin(landingOnce, input);
    await decided(start);
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
    await decided(cancel(runId));
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

  /** One run has landed; a second was told so, and is next; a third stands on the head. No hub is at work. */
  async function oneIsNext() {
    const { lineage, first } = await aLineage();
    const trees = [await tree(), await tree(), await tree()] as const;
    const [one, two, three] = [
      await leftByItsHub({ lineage, from: first, tree: trees[0] }),
      await leftByItsHub({ lineage, from: first, tree: trees[1] }),
      await leftByItsHub({ lineage, from: trees[0], tree: trees[2] }),
    ];
    const actor = { type: 'user', id: 'x' } as const;
    const land = ({ commandId }: { readonly commandId: string }, from: string, made: string) =>
      landVersion(fixture.pool, { commandId, lineage, from, tree: made, state: 'Land', actor });
    expect(await land(one, first, trees[0])).toMatchObject({ landed: true });
    expect(await land(two, first, trees[1])).toMatchObject({ landed: false, head: { number: 2 } });
    expect(await land(three, trees[0], trees[2])).toEqual({ waitsFor: two.runId });
    return { lineage, trees, two, three, land };
  }

  test('lets whoever was told of another head land before all others, also before one that stands on the head', async () => {
    const { trees, two, three, land } = await oneIsNext();
    expect(await land(two, trees[0], trees[1])).toMatchObject({ landed: true, head: { number: 3 } });
    expect(await land(three, trees[0], trees[2])).toMatchObject({ landed: false, head: { number: 3 } });
  });

  test('waits for nobody who is over', async () => {
    const { trees, two, three, land } = await oneIsNext();
    await decided(cancel(two.runId));
    expect(await land(three, trees[0], trees[2])).toMatchObject({ landed: true, head: { number: 3 } });
  });

  test('waits for nobody for longer than some minutes, who is told once more and then next again', async () => {
    const { lineage, trees, two, three, land } = await oneIsNext();
    await owner.query(
      `update baton.lineage_next set until = clock_timestamp() - interval '1 second' where lineage = $1`,
      [lineage],
    );
    expect(await land(three, trees[0], trees[2])).toMatchObject({ landed: true, head: { number: 3 } });
    expect(await land(two, trees[0], trees[1])).toMatchObject({ landed: false, head: { number: 3 } });
    expect(await land(two, trees[2], trees[1])).toMatchObject({ landed: true, head: { number: 4 } });
  });

  test('waits for nobody who asks a person, and is landed on as soon as whoever merged has ended', async () => {
    const { lineage, first } = await aLineage();
    const [hub, ...trees] = [await startHub(), await tree(), await tree(), await tree(), await tree()];
    const [one = '', two = '', three = '', four = ''] = trees;
    const before = begin(landingOnce, { lineage, from: first, tree: one });
    await hub.handle(before);
    await eventually(async () => expect(await stateOf(before.runId)).toMatchObject({ status: 'succeeded' }));
    const slow = begin(landingSlowly, { lineage, from: first, tree: two });
    await hub.handle(slow);
    await eventually(async () => expect(await enteredBy(slow.runId)).toContain('Otherwise'));
    const asking = begin(landingAfterAWord, { lineage, from: first, tree: three });
    await hub.handle(asking);
    await hub.handle(cancel(slow.runId));
    // Now it is told, and next, and asks its person: whoever comes then lands.
    await eventually(async () => expect(await enteredBy(asking.runId)).toContain('Otherwise'));
    const last = begin(landingOnce, { lineage, from: one, tree: four });
    await hub.handle(last);
    await eventually(async () =>
      expect(await stateOf(last.runId)).toMatchObject({ status: 'succeeded', output: { landed: true } }),
    );
    await hub.handle(cancel(asking.runId));
  });

  test.each([
    ['no such lineage', { lineage: 'nowhere' }, 'There is no lineage nowhere.'],
    ['a workspace that was never a version of it', { from: 'f'.repeat(64) }, 'was never a version of the lineage'],
    ['a tree that is not there', { tree: 'e'.repeat(64) }, 'There is no workspace e'],
    ['arguments that do not fit', { tree: 'main' }, 'The arguments do not fit'],
  ])('fails the state for %s, and says so', async (_, wrong, cause) => {
    const { lineage, first } = await aLineage();
    const hub = await startHub();
    const start = begin(landingOnce, { lineage, from: first, tree: await tree(), ...wrong });
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
