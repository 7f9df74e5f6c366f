import { randomUUID } from 'node:crypto';
import { runStarted } from '@baton/read-model/testing';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { type ArchivingGateway, startArchivingGateway } from '../testing/archiving-gateway.js';

let on: ArchivingGateway;
beforeEach(async () => {
  on = await startArchivingGateway(inject('postgresUrl'));
});
afterEach(() => on.stop());

test('a run that comes back while the projection is behind it is folded once', async () => {
  const runId = await on.endedRun();
  await on.archived(1);
  const later = randomUUID();
  await on.owner.query('update baton.run_view_cursor set position = 0');
  expect((await on.gateway.get(`/v1/runs/${runId}`)).status).toBe(200);
  await on.gateway.log.append(later, runStarted());
  await on.folded();
  expect((await on.gateway.get('/v1/audit/verify')).body).toMatchObject({ verified: true, problem: null });
});

test('the id of a run that is in an archive is taken', async () => {
  const runId = await on.endedRun();
  await on.archived(1);
  const again = await on.gateway.post('/v1/runs', { runId, workflow: 'two-steps', input: { requirements: 'x' } });
  expect(again).toMatchObject({ status: 409, body: { code: 'run-exists' } });
  expect(await on.count('archived_run')).toBe(1);
});
