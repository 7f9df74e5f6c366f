import { randomUUID } from 'node:crypto';
import { commandIdOf } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { eventHash } from '@baton/proof';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { HubFixture } from '../testing/hub-fixture.js';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
});
afterEach(() => fixture.close());

/** Runs that came to their end, and one that waits. */
async function run(): Promise<string> {
  const hub = await fixture.startHub();
  const runs = [randomUUID(), randomUUID(), randomUUID()];
  await Promise.all(runs.map((runId) => hub.handle(fixture.start(runId))));
  for (const runId of runs.slice(1)) {
    for (const ordinal of [1, 2]) await hub.handle(fixture.answer(commandIdOf(runId, ordinal)));
  }
  await hub.stop();
  return runs[1] ?? '';
}

/** Changes the data of an event as whoever owns the database can, and gives it the hash that belongs to it then. */
async function forge(runId: string, version: number, from: string, to: string): Promise<void> {
  const event = (await fixture.events(runId))[version - 1];
  if (event === undefined) throw new Error('there is no such event');
  const dataText = event.dataText.replace(from, to);
  expect(dataText).not.toBe(event.dataText);
  await asOwner('update baton.event set data = $1, leaf_hash = $2 where position = $3', [
    dataText,
    eventHash({ ...event, dataText }),
    event.position,
  ]);
}

async function asOwner(sql: string, values: readonly unknown[]): Promise<void> {
  const owner = createPool(fixture.database.url, { role: 'owner', applicationName: 'forger', max: 1 });
  try {
    await owner.query('alter table baton.event disable trigger no_change');
    await owner.query(sql, [...values]);
  } finally {
    await owner.end();
  }
}

describe('a log that is decided again', () => {
  test('is right as it was written, in every run of it', async () => {
    await run();
    expect(await fixture.replayed()).toBeNull();
  });

  test('is found out where an event says something else, with the hash that belongs to that', async () => {
    const runId = await run();
    const leaves = (await fixture.events(runId)).find(({ type }) => type === 'StateExited')?.version ?? 0;
    await forge(runId, leaves, '"next":"B"', '"next":null');
    expect(JSON.parse((await fixture.replayed()) ?? '')).toMatchObject({
      runId,
      version: leaves,
      problem: 'the log has another StateExited than is decided, at /next',
      recorded: { data: { next: null } },
      decided: { data: { next: 'B' } },
    });
  });

  test('is found out where an event has another hash, is gone, or the run ends early', async () => {
    const runId = await run();
    const [first, second] = await fixture.events(runId);
    await asOwner(`update baton.event set leaf_hash = decode($1, 'hex') where position = $2`, [
      'ab'.repeat(32),
      second?.position,
    ]);
    expect(await fixture.replayed()).toContain('its hash differs');
    await asOwner('delete from baton.event where position = $1', [second?.position]);
    expect(await fixture.replayed()).toContain('event 2 of the run is missing');
    await asOwner('delete from baton.event where run_id = $1 and position > $2', [runId, first?.position]);
    expect(await fixture.replayed()).toContain('is decided, and the log has no more events');
  });
});
