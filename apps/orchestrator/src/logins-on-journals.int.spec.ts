import { randomUUID } from 'node:crypto';
import {
  appendBatch,
  claimLane,
  createPool,
  isOfflineWork,
  journalBefore,
  journalRead,
  journalWrite,
  recordOfflineWork,
} from '@baton/event-store';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createDatabaseWithLogins, type DatabaseWithLogins, FORBIDDEN } from './testing/database-with-logins.js';

let database: DatabaseWithLogins;
beforeAll(async () => {
  database = await createDatabaseWithLogins(inject('postgresUrl'));
});
afterAll(() => database?.drop());

const QUEUES = ['worker-planner', 'worker-mine', 'worker-programmer', 'worker-validator'];

describe('the journal and the offline model’s work', () => {
  test('take entries for commands of the own kind, while they are open, and show no others', async () => {
    const hub = createPool(database.urlFor('orchestrator'), { role: 'hub', max: 1, applicationName: 'logins-test' });
    const [planner, validator, user] = (['planner', 'validator', 'worker'] as const).map((login) =>
      createPool(database.urlFor(login), { role: 'worker', max: 1, applicationName: 'logins-test' }),
    ) as [Pool, Pool, Pool];
    try {
      const lane = await claimLane(hub, 'logins-test', 60_000);
      if (lane === null) throw new Error('no lane');
      const runId = randomUUID();
      const command = (n: number, queue: string) => ({
        commandId: `${runId}-${n}`,
        queue,
        name: 'task',
        // What the fifth goes on from is in front; what is in its arguments names nothing.
        message:
          n === 5
            ? {
                continues: [{ commandId: `${runId}-97`, entries: 1 }],
                arguments: { continues: [{ commandId: `${runId}-98`, entries: 1 }] },
              }
            : {},
        priority: 1,
        notBefore: null,
        deadline: null,
        heartbeatSeconds: null,
      });
      await appendBatch(hub, lane, 0, [
        {
          runId,
          expectedVersion: 0,
          events: [
            {
              eventId: randomUUID(),
              type: 'SomethingHappened',
              schemaVersion: 1,
              causationId: 'x',
              correlationId: null,
              recordedAt: '2026-01-02T03:04:05.678Z',
              actor: { type: 'system', id: 'test' },
              data: {},
            },
          ],
          consume: [],
          requests: [],
          commands: [1, 2, 3, 4, 5].map((n) => command(n, QUEUES[n - 1] ?? QUEUES[0] ?? '')),
          ended: false,
          parentCommand: null,
        },
      ]);
      await journalWrite(planner, `${runId}-1`, 0, 'mine');
      await journalWrite(user, `${runId}-2`, 0, "a user's");
      expect(await journalRead(planner, `${runId}-1`, 0)).toBe('mine');
      expect(await journalRead(user, `${runId}-2`, 0)).toBe("a user's");
      for (const pool of [validator, user]) {
        expect(await journalRead(pool, `${runId}-1`, 0)).toBeNull();
        await expect(journalWrite(pool, `${runId}-1`, 1, 'forged')).rejects.toMatchObject({ code: FORBIDDEN });
      }
      await expect(journalWrite(planner, `${runId}-2`, 0, 'forged')).rejects.toMatchObject({ code: FORBIDDEN });
      await journalWrite(planner, `${runId}-99`, 0, 'of a command that is gone');
      for (const n of [97, 98]) await journalWrite(database.owner, `${runId}-${n}`, 0, `said in ${n}`);
      expect(await journalBefore(planner, `${runId}-5`, `${runId}-97`, 0)).toBe('said in 97');
      expect(await journalBefore(planner, `${runId}-5`, `${runId}-98`, 0)).toBeNull();
      expect(await journalBefore(planner, `${runId}-1`, `${runId}-97`, 0)).toBeNull();
      expect(await journalBefore(user, `${runId}-5`, `${runId}-97`, 0)).toBeNull();
      const programmer = createPool(database.urlFor('programmer'), {
        role: 'worker',
        max: 1,
        applicationName: 'logins-test',
      });
      try {
        const [work, other] = ['ab'.repeat(32), 'cd'.repeat(32)] as const;
        await recordOfflineWork(programmer, `${runId}-3`, work);
        expect(await isOfflineWork(validator, `${runId}-4`, work)).toBe(true);
        expect(await isOfflineWork(validator, `${runId}-4`, other)).toBe(false);
        // Neither for a run whose command it does not hold, nor by anybody who writes no code.
        expect(await isOfflineWork(validator, `${randomUUID()}-4`, work)).toBe(false);
        expect(await isOfflineWork(user, `${runId}-4`, work)).toBe(false);
        for (const pool of [planner, validator, user])
          await expect(recordOfflineWork(pool, `${runId}-3`, other)).rejects.toMatchObject({ code: FORBIDDEN });
        await recordOfflineWork(programmer, `${runId}-1`, other);
        expect(await isOfflineWork(validator, `${runId}-4`, other)).toBe(false);
      } finally {
        await programmer.end();
      }
      const { rows } = await database.owner.query('select command_id, call_index from baton.llm_journal order by 1');
      expect(rows).toEqual([1, 2, 97, 98].map((n) => ({ command_id: `${runId}-${n}`, call_index: 0 })));
    } finally {
      await Promise.all([hub.end(), planner.end(), validator.end(), user.end()]);
    }
  });
});
