import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunView } from '@baton/contracts';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { expect, inject, test } from 'vitest';
import { readModelMigrations } from './migrations.js';
import { getRun } from './queries/get-run.js';
import { blankView } from './run-view/blank-view.js';

test('views of an older program are folded again, and its submissions are still shown', async () => {
  const database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  const pool = createPool(database.url, { role: 'gateway', max: 2, applicationName: 'read-model-test' });
  const admin = createPool(database.url, { role: 'owner', max: 1, applicationName: 'read-model-test' });
  try {
    const runId = randomUUID();
    const view: RunView = {
      ...blankView,
      runId,
      workflow: 'two-steps',
      workflowVersion: '1.0.0',
      status: 'accepted',
      version: 0,
      labels: { odd: 'a\u0000b' },
      submittedBy: { type: 'user', id: 'ada' },
      startedAt: '2026-01-01T00:00:00.000Z',
    };
    const { waitingFor: _, parent: __, forkedFrom: ___, ...old } = view;
    await admin.query(
      `insert into baton.accepted_request (request_id, run_id, sha256, view) values ('old', $1, sha256('asked'), $2)`,
      [runId, JSON.stringify(old)],
    );
    await admin.query(
      `insert into baton.inbox (request_id, name, message, begins) values ('old', 'submit', '{}', $1)`,
      [runId],
    );
    await admin.query('update baton.run_view_cursor set position = 5');

    const sql = await readFile(join(readModelMigrations.directory, '0003_runs_that_are_steered.sql'), 'utf8');
    await admin.query(sql);
    await admin.query(sql);

    expect(await getRun(pool, runId)).toEqual({ ...view, startedAt: expect.any(String) });
    expect((await admin.query('select position from baton.run_view_cursor')).rows).toEqual([{ position: 0 }]);
  } finally {
    await admin.end();
    await pool.end();
    await database.drop();
  }
});
