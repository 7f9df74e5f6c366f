import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { readModelMigrations } from '@baton/read-model';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { recallRequest, rememberRequest } from './remember-request.js';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 4, applicationName: 'requests-test' });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const sha256 = 'b'.repeat(64);

describe('a request that is remembered', () => {
  const runId = randomUUID();
  const request = { requestId: `r-${runId}`, runId, sha256, view: null };
  test('is new once, then the same, and another body is told apart', async () => {
    expect(await recallRequest(pool, request)).toBeNull();
    expect(await rememberRequest(pool, request)).toBe('new');
    expect(await rememberRequest(pool, request)).toBe('same');
    expect(await recallRequest(pool, request)).toBe('same');
    expect(await rememberRequest(pool, { ...request, sha256: 'c'.repeat(64) })).toBe('other');
    expect(await rememberRequest(pool, { ...request, runId: randomUUID() })).toBe('other');
  });

  test('of two that come at once with one id and two bodies, one wins', async () => {
    const requestId = `race-${runId}`;
    const both = await Promise.all(
      ['d', 'e'].map((digit) => rememberRequest(pool, { ...request, requestId, sha256: digit.repeat(64) })),
    );
    expect([...both].sort()).toEqual(['new', 'other']);
  });
});
