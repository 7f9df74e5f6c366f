import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  createDatabaseWithLogins,
  type DatabaseWithLogins,
  FORBIDDEN,
  outcomeOf,
} from './testing/database-with-logins.js';

let database: DatabaseWithLogins;
beforeAll(async () => {
  database = await createDatabaseWithLogins(inject('postgresUrl'));
});
afterAll(() => database?.drop());

const CALLS = [
  `select baton.put_graph_checkpoint('s', 't', '', '1', '{}')`,
  `select baton.put_graph_writes('s', 't', '', '1', 'task', '', '[{"index":0,"channel":"c","value":{}}]')`,
  `select * from baton.graph_checkpoints('s', 't', null, null, null, null, null, null, 1)`,
  `select * from baton.graph_writes('s', 't', '', '1')`,
  `select baton.delete_graph_thread('s', 't')`,
];

test('threads of graphs are for workers of users: none of Baton’s own keeps or reads any', async () => {
  const outcomes = async (login: 'worker' | 'planner' | 'gateway' | 'orchestrator') =>
    database.as(login, async (client) => {
      const found: (string | null)[] = [];
      for (const call of CALLS) found.push(await outcomeOf(client, call));
      return found;
    });
  expect(await outcomes('worker')).not.toContain(FORBIDDEN);
  for (const login of ['planner', 'gateway', 'orchestrator'] as const)
    expect(await outcomes(login)).toEqual(CALLS.map(() => FORBIDDEN));
});

test('what a worker keeps of a thread has a bound', async () => {
  const long = JSON.stringify('x'.repeat(70_000));
  const code = await database.as('worker', (client) =>
    outcomeOf(client, `select baton.put_graph_checkpoint('s', 't', '', '1', '${long}')`),
  );
  expect(code).toBe('23514');
});
