import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import type { RunEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { rebuild } from '../projection/project-page.js';
import { decision, runStarted } from '../testing/events.js';
import { openTestLog, type TestLog } from '../testing/test-log.js';
import { sumUsage, UnknownTimeZone } from './sum-usage.js';

let database: TestDatabase;
let pool: Pool;
let log: TestLog;
const RED = randomUUID();
const BLUE = randomUUID();

const scheduled = (visit: number, resource: string): RunEvent => ({
  type: 'TaskScheduled',
  data: {
    ...{ visit, attempt: 1, commandId: `${RED}-${visit}`, resource, arguments: null },
    ...{ notBefore: null, deadline: null, heartbeatSeconds: null },
  },
});
const entered = (visit: number): RunEvent => ({ type: 'StateEntered', data: { visit, frame: 0, state: 'Plan' } });
const used = (costUsd: number | null, tokens = 10) => ({ inputTokens: tokens, outputTokens: 1, costUsd });
const succeeded = (visit: number, facts: object): RunEvent => ({
  type: 'TaskSucceeded',
  data: { visit, commandId: `${RED}-${visit}`, output: null, ...facts },
});
const failed = (visit: number, facts: object): RunEvent => ({
  type: 'TaskFailed',
  data: { visit, commandId: `${RED}-${visit}`, error: 'E', cause: '', retryable: true, ...facts },
});

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 3, applicationName: 'read-model-test' });
  log = await openTestLog(database.url);
  await log.append(
    RED,
    runStarted({ labels: { team: 'red' } }),
    entered(1),
    scheduled(1, 'baton:worker:planner'),
    failed(1, { usage: used(0.25), model: 'm1' }),
    // A person is asked in between, who costs nothing.
    scheduled(1, 'baton:approval'),
    scheduled(1, 'baton:worker:planner'),
    succeeded(1, { usage: used(0.5), model: 'm2' }),
    { type: 'DecisionMade', data: { decision: decision({ phase: 'plan', round: 2, actionType: 'request_human' }) } },
    // What a child used is told to its parent, and counts there.
    entered(2),
    scheduled(2, 'baton:workflow:other'),
    succeeded(2, { usage: used(100) }),
    { type: 'RunSucceeded', data: { output: null } },
    {
      type: 'AdviceGiven',
      data: {
        ...{ visit: 2, commandId: `${RED}-9`, decisionId: 'd', output: null },
        ...{ usage: used(0.125), model: 'm2' },
      },
    },
  );
  await log.append(
    BLUE,
    runStarted({ workflow: { name: 'other', version: '1.0.0', sha256: 'a'.repeat(64) }, labels: { team: 'blue' } }),
    entered(1),
    scheduled(1, 'baton:worker:mine'),
    succeeded(1, {}),
    scheduled(1, 'baton:worker:mine'),
    succeeded(1, { usage: used(null) }),
  );
  await rebuild(pool);
});
afterAll(async () => {
  await log?.close();
  await pool?.end();
  await database?.drop();
});

describe('what runs used', () => {
  test('is added up by workflow, a child for itself alone, and what is not known said', async () => {
    const { groups, total, leftOff } = await sumUsage(pool, 'workflow', {}, 'UTC');
    expect(groups).toMatchObject([
      {
        ...{ key: 'two-steps', runs: 1, tasks: 3, inputTokens: 30, outputTokens: 3, costUsd: 0.875, unpriced: 0 },
        outcomes: {
          succeeded: 1,
          decisions: 1,
          escalations: 1,
          rounds: [{ phase: 'plan', runs: 1, mean: 2, most: 2 }],
        },
      },
      { key: 'other', runs: 1, tasks: 2, costUsd: null, knownCostUsd: 0, unpriced: 1, outcomes: { succeeded: 0 } },
    ]);
    expect(groups[0]?.outcomes?.medianMs).toBeGreaterThanOrEqual(0);
    expect(groups[1]?.outcomes).toMatchObject({ medianMs: null, p95Ms: null, rounds: [] });
    expect(total).toMatchObject({ key: null, runs: 2, tasks: 5, costUsd: null, knownCostUsd: 0.875, unpriced: 1 });
    expect(leftOff).toBe(0);
  });

  test('is added up by agent and by model, and comes to the same', async () => {
    const agents = await sumUsage(pool, 'agent', {}, 'UTC');
    expect(agents.groups).toMatchObject([
      { key: 'planner', runs: 1, tasks: 2, costUsd: 0.75 },
      { key: 'advisor', runs: 1, tasks: 1, costUsd: 0.125 },
      { key: 'mine', runs: 1, tasks: 2, costUsd: null },
    ]);
    const models = await sumUsage(pool, 'model', {}, 'UTC');
    expect(models.groups).toMatchObject([
      { key: 'm2', runs: 1, tasks: 2, costUsd: 0.625 },
      { key: 'm1', runs: 1, tasks: 1, costUsd: 0.25 },
      { key: null, runs: 1, tasks: 2, unpriced: 1 },
    ]);
    for (const { total } of [agents, models])
      expect(total).toMatchObject({ runs: 2, tasks: 5, knownCostUsd: 0.875, outcomes: null });
  });

  test('is of the days of a time zone', async () => {
    const dayIn = (timeZone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date());
    for (const zone of ['Pacific/Kiritimati', 'UTC', 'Pacific/Pago_Pago'])
      expect((await sumUsage(pool, 'day', {}, zone)).groups).toMatchObject([{ key: dayIn(zone), runs: 2 }]);
    await expect(sumUsage(pool, 'day', {}, 'Europe/Nowhere')).rejects.toThrow(UnknownTimeZone);
  });

  test('is of the runs that are asked for and of no other', async () => {
    const only = async (asked: object): Promise<readonly unknown[]> =>
      (await sumUsage(pool, 'workflow', asked, 'UTC')).groups.map(({ key }) => key);
    expect(await only({ workflow: 'other' })).toEqual(['other']);
    expect(await only({ since: '2999-01-01T00:00:00Z' })).toEqual([]);
    expect(await only({ until: '2000-01-01T00:00:00Z' })).toEqual([]);
    expect(await only({ scope: { labels: { team: 'red' } } })).toEqual(['two-steps']);
    expect(await only({ scope: { anyOf: [] } })).toEqual([]);
    expect((await sumUsage(pool, 'agent', { scope: { labels: { team: 'blue' } } }, 'UTC')).total.runs).toBe(1);
    expect((await sumUsage(pool, 'model', { until: '2000-01-01T00:00:00Z' }, 'UTC')).total).toMatchObject({
      ...{ runs: 0, tasks: 0, costUsd: 0 },
    });
  });
});
