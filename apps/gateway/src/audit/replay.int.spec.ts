import { randomUUID } from 'node:crypto';
import { ReplayReport } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
const runId = randomUUID();
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  await gateway.log.append(runId, runStarted(), { type: 'RunSucceeded', data: { output: 1 } });
});
afterAll(() => gateway?.stop());

const replay = async (query = ''): Promise<ReplayReport> =>
  ReplayReport.parse((await gateway.get(`/v1/audit/replay${query}`)).body);

describe('GET /v1/audit/replay', () => {
  test('reports what engine decided what; what no engine of today would is counted, and no fault', async () => {
    const report = await replay();
    expect(report).toMatchObject({ verified: true, runs: 1, events: 2, fault: null });
    expect(report.engines).toMatchObject([{ engine: null, example: { runId, version: 1 } }]);
    expect(report.engines[0]?.otherwise).toBeGreaterThan(0);
    expect(await replay(`?run=${runId.slice(0, 8)}`)).toMatchObject({ verified: true, runs: 1, events: 2 });
  });

  test('streams its report to whoever asks for events', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, accept: 'text/event-stream' };
    const response = await fetch(`${gateway.url}/v1/audit/replay`, { headers });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const [, data = ''] = /event: report\ndata: (.*)\n\n$/.exec(await response.text()) ?? [];
    expect(ReplayReport.parse(JSON.parse(data))).toMatchObject({ verified: true, events: 2 });
  });

  test('refuses a run that is not there, and a parameter that it does not know', async () => {
    expect((await gateway.get(`/v1/audit/replay?run=${randomUUID()}`)).status).toBe(404);
    expect((await gateway.get('/v1/audit/replay?runs=1')).status).toBe(400);
  });

  test('stops at an event that was changed, and says where it stands', async () => {
    const owner = createPool(gateway.databaseUrl, { role: 'owner', max: 1, applicationName: 'test-owner' });
    await owner.query('alter table baton.event disable trigger no_change');
    await owner.query(`update baton.event set data = '{"output":2}' where run_id = $1 and version = 2`, [runId]);
    await owner.end();
    const fault = { runId, version: 2, problem: expect.stringContaining('its hash differs') };
    expect(await replay()).toMatchObject({ verified: false, fault });
  });
});
