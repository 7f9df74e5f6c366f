import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { claimLane, type Lane, releaseLane } from './lanes.js';
import { createPool } from './pool.js';
import { parkRun, releaseParkedRuns } from './streams.js';
import { beginSuspect, clearSuspect, type Suspect } from './suspects.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  pool = createPool(database.url, { role: 'hub', applicationName: 'suspects-test' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function lane(): Promise<Lane> {
  const claimed = await claimLane(pool, 'test', 60_000);
  if (claimed === null) throw new Error('no free lane');
  return claimed;
}
const suspect = (): Suspect => ({ key: `request ${randomUUID()}`, runId: randomUUID() });

/** A process takes the message by itself, and ends over it. */
async function endOver(message: Suspect): Promise<boolean> {
  const own = await lane();
  const mayTry = await beginSuspect(pool, own, message);
  await releaseLane(pool, own);
  return mayTry;
}

test('a message over which two processes ended is not tried again, by whoever takes it', async () => {
  const message = suspect();
  expect([await endOver(message), await endOver(message), await endOver(message), await endOver(message)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('tries of processes that are alive, and of those that came to an end of it, count for nothing', async () => {
  const message = suspect();
  const lanes = [await lane(), await lane(), await lane(), await lane()];
  for (const own of lanes) expect(await beginSuspect(pool, own, message)).toBe(true);
  await clearSuspect(pool, message.key);
  for (const own of lanes) await releaseLane(pool, own);
  expect(await endOver(message)).toBe(true);
});

test('a process that ends over many messages, one after the other, speaks against none of them', async () => {
  const messages = Array.from({ length: 20 }, suspect);
  for (const message of messages) await endOver(message);
  const own = await lane();
  for (const message of messages) expect(await beginSuspect(pool, own, message)).toBe(true);
  await releaseLane(pool, own);
});

test('its run stays parked when an orchestrator starts', async () => {
  const [message, other] = [suspect(), suspect()];
  const owner = createPool(database.url, { role: 'owner', applicationName: 'suspects-test', max: 1 });
  for (const { runId } of [message, other]) {
    await owner.query(
      'insert into baton.stream (run_id, version, first_position, last_position) values ($1, 0, 0, 0)',
      [runId],
    );
    await parkRun(pool, runId);
  }
  await owner.end();
  for (let tries = 0; tries < 3; tries += 1) await endOver(message);
  expect(await releaseParkedRuns(pool)).toEqual([other.runId]);
});
