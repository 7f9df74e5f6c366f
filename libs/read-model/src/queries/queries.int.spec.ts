import { randomUUID } from 'node:crypto';
import type { RunView } from '@baton/contracts';
import { acceptRequest, createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, planOf, type TestDatabase } from '@baton/event-store/testing';
import type { RunEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { rebuild } from '../projection/project-page.js';
import { blankView } from '../run-view/blank-view.js';
import { runStarted } from '../testing/events.js';
import { openTestLog, type TestLog } from '../testing/test-log.js';
import { findRun, getRun } from './get-run.js';
import { listRuns } from './list-runs.js';
import type { RunFilter } from './run-filter.js';

let database: TestDatabase;
let pool: Pool;
let owner: Pool;
let writer: TestLog;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 4, applicationName: 'read-model-test' });
  owner = createPool(database.url, { role: 'owner', max: 1, applicationName: 'read-model-test' });
  writer = await openTestLog(database.url);
});
afterAll(async () => {
  await writer?.close();
  await pool?.end();
  await owner?.end();
  await database?.drop();
});

const entered: RunEvent = { type: 'StateEntered', data: { visit: 1, frame: 0, state: 'Plan' } };
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: { done: true } } };

/** What the gateway stores of a submission. */
async function accept(runId: string, requestId: string, labels: Record<string, string> = {}): Promise<void> {
  const view: RunView = {
    ...blankView,
    ...{ runId, labels, workflow: 'two-steps', workflowVersion: '1.0.0', status: 'accepted', version: 0 },
    submittedBy: { type: 'user', id: 'ada' },
    startedAt: new Date().toISOString(),
  };
  await pool.query(
    `insert into baton.accepted_request (request_id, run_id, sha256, view) values ($1, $2, sha256('asked'), $3)`,
    [requestId, runId, JSON.stringify(view)],
  );
  await acceptRequest(pool, { requestId, name: 'submit', message: { requestId, runId } });
}

describe('findRun', () => {
  const a = 'aaaa1111-0000-4000-8000-000000000001';
  const b = 'aaaa2222-0000-4000-8000-000000000002';
  const waiting = 'aaaa3333-0000-4000-8000-000000000003';
  beforeAll(async () => {
    await writer.append(a, runStarted());
    await writer.append(b, runStarted());
    await accept(waiting, 'waiting-1');
  });

  test.each([
    [a, { status: 'found', runId: a }],
    [a.toUpperCase(), { status: 'found', runId: a }],
    ['aaaa1', { status: 'found', runId: a }],
    ['aaaa3', { status: 'found', runId: waiting }],
    ['aaaa', { status: 'ambiguous', runIds: [a, b, waiting] }],
    ['aaaa4', { status: 'not-found' }],
    [randomUUID(), { status: 'not-found' }],
    ["a' or 1=1", { status: 'not-found' }],
    ['%', { status: 'not-found' }],
    ['', { status: 'not-found' }],
  ])('%s', async (id, expected) => {
    expect(await findRun(pool, id)).toEqual(expected);
  });
});

describe('getRun', () => {
  test('shows what was appended a moment ago, although no projector ever ran', async () => {
    const runId = randomUUID();
    await writer.append(runId, runStarted(), entered);
    expect(await getRun(pool, runId)).toMatchObject({ version: 2, status: 'running', currentStates: ['Plan'] });
  });

  test('folds onto the stored view what is newer than it', async () => {
    const runId = randomUUID();
    await writer.append(runId, runStarted(), entered);
    await rebuild(pool);
    await writer.append(runId, succeeded);
    expect(await getRun(pool, runId)).toMatchObject({ version: 3, status: 'succeeded' });
  });

  test('shows a submission that waits for the hub as accepted, until its first event', async () => {
    const runId = randomUUID();
    const requestId = `accepted-${runId}`;
    await accept(runId, requestId, { team: 'red' });
    expect(await getRun(pool, runId)).toMatchObject({
      runId,
      status: 'accepted',
      version: 0,
      workflow: 'two-steps',
      workflowVersion: '1.0.0',
      labels: { team: 'red' },
    });
    await writer.answer(runId, requestId, runStarted());
    expect(await getRun(pool, runId)).toMatchObject({ status: 'running', version: 1 });
  });

  test('knows nothing of a run that does not exist', async () => {
    expect(await getRun(pool, randomUUID())).toBeNull();
  });
});

describe('listRuns', () => {
  const group = randomUUID();
  const ours = { group };
  const all = async (filter: RunFilter, limit: number): Promise<readonly string[]> => {
    const runIds: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRuns(pool, filter, limit, cursor);
      expect(page.runs.length).toBeLessThanOrEqual(limit);
      runIds.push(...page.runs.map(({ runId }) => runId));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return runIds;
  };
  let runIds: readonly string[];

  beforeAll(async () => {
    // Appended within the same milliseconds: many of them share their start.
    runIds = Array.from({ length: 9 }, () => randomUUID());
    for (const [n, runId] of runIds.entries()) {
      const labels = { ...ours, parity: n % 2 === 0 ? 'even' : 'odd' };
      await writer.append(runId, runStarted({ labels }), ...(n < 3 ? [succeeded] : []));
    }
    await rebuild(pool);
  });

  test.each([1, 2, 4, 9, 100])('pages of %i give every run once, newest first', async (limit) => {
    const listed = await all({ labels: ours }, limit);
    expect([...listed].sort()).toEqual([...runIds].sort());
    const views = (await listRuns(pool, { labels: ours }, 100)).runs;
    const starts = views.map(({ startedAt }) => startedAt);
    expect(starts).toEqual([...starts].sort().reverse());
  });

  test('filters by status, workflow and labels', async () => {
    expect(await all({ labels: ours, status: 'succeeded' }, 2)).toHaveLength(3);
    expect(await all({ labels: ours, status: 'running' }, 2)).toHaveLength(6);
    expect(await all({ labels: { ...ours, parity: 'odd' } }, 3)).toHaveLength(4);
    expect(await all({ labels: ours, workflow: 'two-steps' }, 100)).toHaveLength(9);
    expect(await all({ labels: ours, workflow: 'three-steps' }, 100)).toEqual([]);
  });

  test('refuses a cursor that it did not give', async () => {
    for (const cursor of ['nonsense', Buffer.from('{"startedAt":1}').toString('base64url')]) {
      await expect(listRuns(pool, {}, 10, cursor)).rejects.toMatchObject({ code: 'invalid-cursor' });
    }
  });

  describe('with a backlog that a hub which is down has left', () => {
    const backlog = randomUUID();
    const oldest = randomUUID();
    beforeAll(async () => {
      // The oldest has the label that is looked for, and so have three runs: two that began before it, one after it.
      const view = JSON.stringify({
        ...blankView,
        workflow: 'two-steps',
        workflowVersion: '1.0.0',
        status: 'accepted',
      });
      await owner.query(
        `with ids as (select n, case when n = 1 then $1::uuid else gen_random_uuid() end as id from generate_series(1, 4500) n),
              asked as (insert into baton.accepted_request (request_id, run_id, sha256, view)
                select 'backlog-' || id, id, sha256('asked'), (left($2::text, -1) || ',"runId":"' || id || '","version":0,'
                  || '"submittedBy":{"type":"user","id":"ada"},"labels":' || case when n = 1 then $3::text else '{}' end || '}')::json
                  from ids)
         insert into baton.inbox (request_id, name, message, begins, accepted_at)
         select 'backlog-' || id, 'submit', '{}', id, timestamptz '2020-01-01' + n * interval '1 second' from ids`,
        [oldest, view, JSON.stringify({ backlog })],
      );
      for (const runId of begun.keys()) {
        await writer.append(runId, runStarted({ labels: { backlog } }));
      }
      await rebuild(pool);
      for (const [runId, startedAt] of begun) {
        await owner.query(
          `update baton.run_view set started_at = $2::timestamptz,
                  view = jsonb_set(view::jsonb, '{startedAt}', to_jsonb($3::text))::json where run_id = $1`,
          [runId, startedAt, startedAt],
        );
      }
    });
    const begun = new Map([
      [randomUUID(), '2019-01-01T00:00:00.000Z'],
      [randomUUID(), '2019-01-02T00:00:00.000Z'],
      [randomUUID(), '2030-01-01T00:00:00.000Z'],
    ]);
    afterAll(() => owner.query(`delete from baton.inbox where request_id like 'backlog-%'`));

    test('looks through so much of it at a time, and finds every run in its place', async () => {
      const [first, second, newest] = begun.keys();
      const pages: (readonly string[])[] = [];
      let cursor: string | undefined;
      do {
        const page = await listRuns(pool, { labels: { backlog } }, 50, cursor);
        pages.push(page.runs.map(({ runId }) => runId));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(pages.flat()).toEqual([newest, oldest, second, first]);
      // A thousand at a time, of 4,500.
      expect(pages.map((page) => page.length)).toEqual([1, 0, 0, 0, 3]);
    });

    test('reads the beginning of it by an index, whatever its length', async () => {
      await owner.query('analyze baton.inbox, baton.accepted_request');
      const plan = await planOf(pool, (explained) => listRuns(explained, { status: 'accepted' }, 20));
      expect(plan).toContain('inbox_newest');
      expect(plan).not.toContain('Sort');
    });

    test('finds one of it by an index', async () => {
      const plan = await planOf(pool, (explained) => findRun(explained, oldest));
      expect(plan).toContain('inbox_begins');
      expect(await findRun(pool, oldest)).toEqual({ status: 'found', runId: oldest });
    });
  });

  describe('with submissions that wait for the hub', () => {
    const waiting = Array.from({ length: 3 }, () => randomUUID());
    beforeAll(async () => {
      for (const runId of waiting) await accept(runId, `list-${runId}`, ours);
    });

    test('lists them among the others', async () => {
      expect([...(await all({ labels: ours }, 2))].sort()).toEqual([...runIds, ...waiting].sort());
      expect([...(await all({ labels: ours, status: 'accepted' }, 2))].sort()).toEqual([...waiting].sort());
      expect(await all({ labels: ours, status: 'running' }, 5)).toHaveLength(6);
    });
  });
});
