import { randomUUID } from 'node:crypto';
import { asOnlyOne, assertSchema, createPool, holdArchiving, migrate } from '@baton/event-store';
import { openMessaging } from '@baton/messaging';
import { poolerBefore } from '@baton/servers';
import { noPgbouncerHere, startPgbouncer } from '@baton/servers/testing';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { HubFixture } from '../testing/hub-fixture.js';

const PATIENCE = { timeout: 20_000, interval: 50 };
const POOLED = { code: 'database-pooled', next: expect.stringContaining('BATON_DATABASE_DIRECT_URL') };

describe.skipIf(noPgbouncerHere !== null)(
  `a pgbouncer in transaction mode${noPgbouncerHere === null ? '' : ` (skipped: ${noPgbouncerHere})`}`,
  () => {
    test('carries what hubs ask of the log, beside direct connections for queues on Postgres', async () => {
      const bouncer = await startPgbouncer(inject('postgresUrl'));
      const way = { reach: bouncer.reach, reachQueues: (url: string) => url, isPooled: true };
      const fixture = await HubFixture.open(inject('postgresUrl'), null, way);
      onTestFinished(async () => {
        // It keeps connections to a database that is then dropped.
        await bouncer.stop();
        await fixture.close();
      });
      const hubs = [await fixture.startHub({ owner: 'one' }), await fixture.startHub({ owner: 'two' })];
      fixture.startTaking();
      const runs = Array.from({ length: 20 }, () => randomUUID());
      await Promise.all(runs.map((runId, n) => hubs[n % 2]?.handle(fixture.start(runId))));
      await vi.waitFor(() => expect(fixture.taken).toHaveLength(20), PATIENCE);
      await Promise.all(
        fixture.taken.slice(0, 20).map(({ commandId }, n) => hubs[n % 2]?.handle(fixture.answer(commandId))),
      );
      await vi.waitFor(() => expect(fixture.taken).toHaveLength(40), PATIENCE);

      // Locks hold over several statements of others, and go when they are given back.
      const { pool } = fixture;
      const inside = asOnlyOne(pool, 'test', async () => {
        await Promise.all(runs.map(() => pool.query('select 1')));
        return asOnlyOne(pool, 'test', async () => 'both');
      });
      expect(await inside).toBeNull();
      expect(await asOnlyOne(pool, 'test', async () => 'again')).toBe('again');
      const release = await holdArchiving(pool);
      expect(await asOnlyOne(pool, 'archive', async () => 'archives')).toBeNull();
      release();
      await vi.waitFor(
        async () => expect(await asOnlyOne(pool, 'archive', async () => 'archives')).toBe('archives'),
        PATIENCE,
      );
      expect(await fixture.replayed()).toBeNull();
    });

    test('is refused with the setting that leads past it where all connections go through it', async () => {
      const bouncer = await startPgbouncer(inject('postgresUrl'));
      onTestFinished(() => bouncer.stop());
      const url = bouncer.reach(inject('postgresUrl'));
      expect(await poolerBefore(url)).toBe('by transaction');
      expect(await poolerBefore(inject('postgresUrl'))).toBe('none');
      await expect(migrate(url)).rejects.toMatchObject(POOLED);
      await expect(openMessaging({ backend: 'postgres', url }, { name: 'pooled' })).rejects.toMatchObject(POOLED);
      const pool = createPool(url, { role: 'worker', applicationName: 'pooled' });
      onTestFinished(() => pool.end());
      await expect(assertSchema(pool)).rejects.toMatchObject(POOLED);
    });

    test('in session mode stands in nobody’s way', async () => {
      const patient = await startPgbouncer(inject('postgresUrl'), 'session');
      onTestFinished(() => patient.stop());
      expect(await poolerBefore(patient.reach(inject('postgresUrl')))).toBe('by session');
    });
  },
);
