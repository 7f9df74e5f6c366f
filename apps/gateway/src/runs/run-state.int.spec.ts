import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations, personalKeyStore } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { Sealer } from '@baton/personal-data';
import { readModelMigrations } from '@baton/read-model';
import { openTestLog, runStarted, type TestLog } from '@baton/read-model/testing';
import { type RunEvent, rebuild, stateToJson, toSnapshot } from '@baton/workflow';
import type { Pool, QueryConfig } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../auth/caller.js';
import { runState } from './run-state.js';

let database: TestDatabase;
let gateway: Pool;
let log: TestLog;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  gateway = createPool(database.url, { role: 'gateway', applicationName: 'state-test' });
  log = await openTestLog(database.url);
});
afterAll(async () => {
  await log?.close();
  await gateway?.end();
  await database?.drop();
});

/** A state that is entered and left over and over. */
const rounds = (from: number, to: number): readonly RunEvent[] =>
  Array.from({ length: to - from }, (_, n) => from + n).flatMap((visit): readonly RunEvent[] => [
    { type: 'StateEntered', data: { visit, frame: 0, state: 'Plan' } },
    { type: 'StateExited', data: { visit, output: { visit }, assign: { visit }, next: 'Plan' } },
  ]);

test('the state of a long run is read from the newest event that holds all of it, and is the same', async () => {
  const runId = randomUUID();
  const frame: RunEvent = { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: {} } };
  const beginning = [runStarted(), frame, ...rounds(0, 100)];
  const state = rebuild(beginning);
  if (state.status === 'new') throw new Error('no state');
  const events = [
    ...beginning,
    { type: 'RunContinued', data: { carry: toSnapshot(state) } } as const,
    ...rounds(100, 110),
  ];
  await log.append(runId, ...events);

  const caller = (): Caller => ({
    actor: { type: 'apikey', id: 'local-admin' },
    roles: ['admin'],
    scopes: null,
    grants: [],
    credential: { type: 'stack' },
  });
  const sealer = new Sealer(personalKeyStore(gateway));
  const archives = { readBack: async () => false };
  let eventsRead = 0;
  const query = async (statement: QueryConfig) => {
    const answer = await gateway.query(statement);
    if (statement.name === 'read-facts-of-state') eventsRead += answer.rows.length;
    return answer;
  };
  const counting: Pool = Object.assign(Object.create(gateway), { query });
  expect(await runState({ pool: counting, caller, sealer, archives }, runId, {})).toEqual({
    runId,
    at: events.length,
    of: events.length,
    state: stateToJson(rebuild(events)),
  });
  expect(eventsRead).toBe(21);
  for (const at of [1, 150, 202, 203, 204, 220]) {
    const { state: told } = await runState({ pool: gateway, caller, sealer, archives }, runId, { at: String(at) });
    expect(told).toEqual(stateToJson(rebuild(events.slice(0, at))));
  }
});
