import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { closedCommands } from './closed-commands.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anEvent, anItem } from './testing/store.js';

let database: TestDatabase;
let hub: Pool;
let worker: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  hub = createPool(database.url, { role: 'hub', applicationName: 'closed-commands' });
  worker = createPool(database.url, { role: 'worker', applicationName: 'closed-commands' });
});
afterAll(async () => {
  await Promise.all([hub?.end(), worker?.end()]);
  await database?.drop();
});

const RUN = randomUUID();
const id = (ordinal: number): string => `${RUN}-${ordinal}`;

test('a worker hears of its commands whether they are closed and why, and of nothing else', async () => {
  const lane = await aLane(hub);
  const commands = [1, 2, 3, 4, 5].map((ordinal) => aCommand(id(ordinal)));
  expect(await appendBatch(hub, lane, 0, [anItem(RUN, { commands })])).toMatchObject({ ok: true });
  expect(await closedCommands(worker, [id(1), id(2)])).toEqual(new Map());

  const settled = (type: string, ordinal: number) => anEvent({ type, data: { commandId: id(ordinal) } });
  const events = [
    settled('TaskTimedOut', 1),
    settled('TaskSucceeded', 2),
    settled('TaskFailed', 3),
    settled('CommandCancelled', 4),
  ];
  const consume = [1, 2, 3, 4].map(id);
  expect(await appendBatch(hub, lane, 0, [anItem(RUN, { expectedVersion: 1, events, consume })])).toMatchObject({
    ok: true,
  });
  const unknown = `${randomUUID()}-1`;
  expect(await closedCommands(worker, [...consume, id(5), unknown])).toEqual(
    new Map([
      [id(1), 'time-up'],
      [id(2), 'answered'],
      [id(3), 'answered'],
      [id(4), 'given-up'],
      [unknown, 'given-up'],
    ]),
  );

  const cancelled = [settled('CommandCancelled', 5), anEvent({ type: 'RunCancelled', data: { reason: 'enough' } })];
  const end = anItem(RUN, { expectedVersion: 5, events: cancelled, consume: [id(5)], ended: true });
  expect(await appendBatch(hub, lane, 0, [end])).toMatchObject({ ok: true });
  expect(await closedCommands(worker, [id(5)])).toEqual(new Map([[id(5), 'cancelled']]));
  await expect(worker.query('select 1 from baton.command')).rejects.toThrow('permission denied');
});

test('what a worker said may hold what Postgres cannot read, and hides no command', async () => {
  const run = randomUUID();
  const of = (ordinal: number): string => `${run}-${ordinal}`;
  const lane = await aLane(hub);
  const commands = [1, 2, 3].map((ordinal) => aCommand(of(ordinal)));
  expect(await appendBatch(hub, lane, 0, [anItem(run, { commands })])).toMatchObject({ ok: true });
  const said = (ordinal: number, output: string) =>
    anEvent({ type: 'TaskSucceeded', data: { commandId: of(ordinal), visit: ordinal, output } });
  const events = [said(1, 'ELF\u0000'), said(2, 'half \ud83d of a pair'), said(3, 'a path: C:\\u0000')];
  const consume = [1, 2, 3].map(of);
  expect(await appendBatch(hub, lane, 0, [anItem(run, { expectedVersion: 1, events, consume })])).toMatchObject({
    ok: true,
  });
  expect(await closedCommands(worker, consume)).toEqual(new Map(consume.map((each) => [each, 'answered'])));
});
