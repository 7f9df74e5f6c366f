import { randomUUID } from 'node:crypto';
import { acceptLogLoss, createPool, logName } from '@baton/event-store';
import { queueEpoch } from '@baton/messaging';
import { type PostgresPair, startPostgresPair } from '@baton/service-kit/testing';
import { Client } from 'pg';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { HubFixture, log } from '../testing/hub-fixture.js';
import { LogEnd } from './log-end.js';

const PATIENCE = { timeout: 30_000, interval: 50 };
const redisUrl = inject('redisUrl');

async function ask(url: string, ...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

async function isFollowing({ primary }: PostgresPair): Promise<void> {
  const rows = await ask(primary.url, "select from pg_stat_replication where state = 'streaming'");
  expect(rows).toHaveLength(1);
}

async function killPrimary({ primary, standby }: PostgresPair): Promise<void> {
  process.kill(primary.pid, 'SIGKILL');
  await primary.exited;
  await ask(standby.url, 'select pg_promote()');
}

/** A hub with the queues where they are, and what the process is told that it has to end for. */
async function open(pair: PostgresPair, redis: string | null) {
  const onLost = vi.fn<(error: Error) => void>();
  const logEnd = new LogEnd(log, onLost);
  const fixture = await HubFixture.open(pair.primary.url, redis, {
    reach: pair.reach,
    assure: (client) => logEnd.assure(client),
  });
  // The server on which the database was made may be gone by then.
  onTestFinished(() => fixture.close().catch(() => {}));
  await logEnd.open(fixture.pool, queueEpoch(fixture.messaging));
  return { fixture, onLost, logEnd, hub: await fixture.startHub({ logEnd }) };
}

describe('a failover of Postgres to its standby, in the middle of runs', () => {
  test('loses nothing that was acknowledged where the standby has it first', async () => {
    const pair = await startPostgresPair(true);
    onTestFinished(pair.stop);
    await vi.waitFor(() => isFollowing(pair), PATIENCE);
    const { fixture, hub, onLost } = await open(pair, redisUrl);
    fixture.startTaking();
    const runs = Array.from({ length: 5 }, () => randomUUID());
    for (const runId of runs) expect(await hub.handle(fixture.start(runId))).toBe('committed');
    await vi.waitFor(() => expect(fixture.taken).toHaveLength(5), PATIENCE);
    const heads = await Promise.all(runs.map(async (runId) => (await fixture.events(runId)).length));

    await killPrimary(pair);
    await vi.waitFor(async () => expect(await fixture.events(runs[0] ?? '')).toHaveLength(heads[0] ?? 0), PATIENCE);
    for (const [n, runId] of runs.entries()) expect((await fixture.events(runId)).length).toBe(heads[n]);
    for (const { commandId } of fixture.taken.slice(0, 5)) {
      await vi.waitFor(() => hub.handle(fixture.answer(commandId)), PATIENCE);
    }
    await vi.waitFor(() => expect(new Set(fixture.taken.map(({ commandId }) => commandId)).size).toBe(10), PATIENCE);
    expect(onLost).not.toHaveBeenCalled();
  }, 120_000);

  test.each([
    { queues: 'Postgres', redis: null, isAvailable: true },
    { queues: 'Redis', redis: redisUrl, isAvailable: redisUrl !== null },
  ])(
    'is not gone on from where the standby lacks the end, with queues on $queues',
    async ({ redis, isAvailable }) => {
      if (!isAvailable) return;
      const pair = await startPostgresPair(false);
      onTestFinished(pair.stop);
      await vi.waitFor(() => isFollowing(pair), PATIENCE);
      const { fixture, hub, onLost, logEnd } = await open(pair, redis);
      const epoch = queueEpoch(fixture.messaging);
      const name = await logName(fixture.pool);
      const [kept, lost, later] = [randomUUID(), randomUUID(), randomUUID()];
      expect(await hub.handle(fixture.start(kept))).toBe('committed');
      const [{ at } = {}] = await ask(pair.primary.url, 'select pg_current_wal_lsn()::text as at');
      await vi.waitFor(async () => {
        const [{ has } = {}] = await ask(pair.standby.url, `select pg_last_wal_replay_lsn() >= '${String(at)}' as has`);
        expect(has).toBe(true);
      }, PATIENCE);
      await ask(pair.standby.url, "alter system set primary_conninfo = ''", 'select pg_reload_conf()');
      await vi.waitFor(
        async () => expect(await ask(pair.primary.url, 'select from pg_stat_replication')).toHaveLength(0),
        PATIENCE,
      );
      expect(await hub.handle(fixture.start(lost))).toBe('committed');
      // Within a moment the queue server knows it as well, where that is another one.
      if (redis !== null)
        await vi.waitFor(async () => expect(await epoch.knownEnd(name)).toEqual(logEnd.witness.end), PATIENCE);

      await killPrimary(pair);
      await vi.waitFor(async () => {
        await expect(hub.handle(fixture.start(later))).rejects.toThrow();
        expect(onLost).toHaveBeenCalledWith(expect.objectContaining({ code: 'log-end-lost' }));
      }, PATIENCE);

      // Another process, which has seen nothing of it, finds it as well: on Redis, or written down by the first.
      const again = new LogEnd(log, vi.fn());
      const pool = createPool(promoted(pair, fixture), { role: 'hub', applicationName: 'hub-test', max: 2 });
      onTestFinished(() => pool.end());
      await expect(again.open(pool, epoch)).rejects.toMatchObject({
        code: 'log-end-lost',
        message: expect.stringMatching(/event \d+ was acknowledged and is not there/),
      });

      const owner = createPool(promoted(pair, fixture), { role: 'owner', applicationName: 'hub-test', max: 1 });
      onTestFinished(() => owner.end());
      expect(await acceptLogLoss(owner, 'a person')).toHaveLength(1);
      await again.open(pool, epoch);
      expect(again.witness.end).toBeNull();
      expect((await fixture.events(kept)).length).toBeGreaterThan(0);
      expect(await fixture.events(lost)).toHaveLength(0);
    },
    120_000,
  );
});

/** The database on the server that is the primary now. */
const promoted = ({ primary, standby }: PostgresPair, { database }: HubFixture): string =>
  database.url.replace(`127.0.0.1:${primary.port}`, `127.0.0.1:${standby.port}`);
