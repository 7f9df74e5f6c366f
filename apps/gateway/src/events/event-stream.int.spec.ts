import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { readModelMigrations } from '@baton/read-model';
import { openTestLog, runStarted, type TestLog, until } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { LogTail } from '../parts/log-tail.js';
import { streamEvents } from './event-stream.js';

let database: TestDatabase;
let pool: Pool;
let log: TestLog;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 4, applicationName: 'stream-test' });
  log = await openTestLog(database.url);
});
afterAll(async () => {
  await log?.close();
  await pool?.end();
  await database?.drop();
});

test('a stream without events is kept open by comments, and listens no more once its client has gone', async () => {
  const runId = randomUUID();
  await log.append(runId, runStarted());
  const tail = new LogTail(pool, { warn: () => {} });
  let ended = false;
  const server = createServer((_, response) => {
    void streamEvents({ pool, tail }, response, { runId, after: 0, ended: null, heartbeatMs: 20 }).then(() => {
      ended = true;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const client = new AbortController();
  const { body } = await fetch(`http://127.0.0.1:${port}`, { signal: client.signal });
  let text = '';
  for await (const chunk of body ?? []) {
    text += new TextDecoder().decode(chunk);
    if (text.split(': still here\n\n').length > 3) break;
  }
  expect(text).toMatch(/^retry: 2000\n\nid: 1\ndata: \{.*\}\n\n(: still here\n\n){3}/);
  client.abort();
  await until('the stream to end', () => ended);
  expect(tail.listeners).toBe(0);
  await tail.stop();
  server.close();
});
