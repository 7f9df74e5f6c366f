import { randomUUID } from 'node:crypto';
import { Verification } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
let owner: Pool;
let runId: string;
beforeEach(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  owner = createPool(gateway.databaseUrl, { role: 'owner', max: 1, applicationName: 'test-owner' });
  runId = randomUUID();
  await gateway.log.append(runId, runStarted(), { type: 'RunSucceeded', data: { output: 1 } });
});
afterEach(async () => {
  await owner.end();
  await gateway.stop();
});

const verify = async (): Promise<Verification> => Verification.parse((await gateway.get('/v1/audit/verify')).body);

describe('GET /v1/audit/verify', () => {
  test('confirms a log and a read model that nobody touched', async () => {
    expect(await verify()).toEqual({ verified: true, events: 2, runs: 1, problem: null });
  });

  test('finds an event that was changed in the database', async () => {
    await owner.query('alter table baton.event disable trigger no_change');
    await owner.query(`update baton.event set data = '{"output":2}' where position = 2`);
    expect(await verify()).toMatchObject({ verified: false, problem: expect.stringContaining('position 2') });
  });

  test('finds a workflow document that was changed in the database, and says which run has it', async () => {
    await owner.query('alter table baton.document disable trigger no_change');
    await owner.query('alter table baton.document drop constraint document_check');
    await owner.query(`update baton.document set body = replace(body, 'planner', 'plotter')`);
    const problem = expect.stringMatching(
      new RegExp(`run ${runId}, version 1: the document [0-9a-f]{64} is not what was written`),
    );
    expect(await verify()).toMatchObject({ verified: false, problem });
    const ofRun = (await gateway.get(`/v1/audit/verify?run=${runId}`)).body;
    expect(ofRun).toMatchObject({ verified: false, problem });
  });

  test('finds a read model that says something else than the log', async () => {
    await expect.poll(async () => (await gateway.get('/v1/runs')).body.runs.length).toBe(1);
    await owner.query(`update baton.run_view set view = replace(view::text, '"succeeded"', '"failed"')::json`);
    expect(await verify()).toMatchObject({ verified: false, problem: expect.stringContaining(runId) });
  });

  describe('of one run', () => {
    const verifyRun = async (id: string): Promise<Verification> =>
      Verification.parse((await gateway.get(`/v1/audit/verify?run=${id}`)).body);

    test('confirms it by its id or the beginning of it, whatever became of another', async () => {
      const other = randomUUID();
      await gateway.log.append(other, runStarted(), { type: 'RunSucceeded', data: { output: 2 } });
      await owner.query('alter table baton.event disable trigger no_change');
      await owner.query(`update baton.event set data = '{"output":3}' where position = 4`);
      expect(await verifyRun(runId.slice(0, 13))).toEqual({ verified: true, events: 2, runs: 1, problem: null });
      expect(await verifyRun(other)).toMatchObject({ verified: false, problem: expect.stringContaining('position 4') });
    });

    test('finds an event that is missing at its end', async () => {
      await owner.query('alter table baton.event disable trigger no_change');
      await owner.query('delete from baton.event where position = 2');
      const problem = `run ${runId} ends at version 1, its stream says 2`;
      expect(await verifyRun(runId)).toEqual({ verified: false, events: 1, runs: 1, problem });
    });

    test('finds a view that says something else', async () => {
      await expect.poll(async () => (await gateway.get('/v1/runs')).body.runs.length).toBe(1);
      await owner.query(`update baton.run_view set view = replace(view::text, '"succeeded"', '"failed"')::json`);
      expect(await verifyRun(runId)).toMatchObject({ verified: false, problem: expect.stringContaining(runId) });
    });

    test('says that there is no such run', async () => {
      expect((await gateway.get(`/v1/audit/verify?run=${randomUUID()}`)).status).toBe(404);
    });
  });

  test('answers many who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, verify));
    expect(answers.every(({ verified }) => verified)).toBe(true);
  });
});
