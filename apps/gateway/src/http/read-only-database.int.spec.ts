import { startOwnPostgres } from '@baton/service-kit/testing';
import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startTestGateway } from '../testing/test-gateway.js';

const PATIENCE = { timeout: 20_000, interval: 50 };

async function setReadOnly(url: string, isReadOnly: boolean): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set default_transaction_read_only = off');
    await client.query(`alter system set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`);
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
}

test('while the database only reads the gateway reads on, answers 503 to what would change something, and is not ready', async () => {
  const server = await startOwnPostgres();
  onTestFinished(() => server.stop());
  const gateway = await startTestGateway(server.url);
  onTestFinished(() => gateway.stop());
  const submission = { workflow: 'two-steps', input: { requirements: 'Count words.' } };
  const before = await gateway.post('/v1/runs', submission);
  expect(before.status).toBe(202);

  await setReadOnly(server.url, true);
  await vi.waitFor(async () => expect((await gateway.bare('/readyz')).status).toBe(503), PATIENCE);
  expect((await gateway.bare('/readyz')).body).toMatchObject({
    checks: { postgres: expect.stringContaining('only reads') },
  });
  expect((await gateway.bare('/livez')).status).toBe(200);
  const refused = await gateway.post('/v1/runs', submission);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(refused.body).toMatchObject({ code: 'database-read-only' });
  expect((await gateway.get('/v1/workflows')).status).toBe(200);
  expect((await gateway.get(`/v1/runs/${before.body.runId}`)).status).toBe(200);

  await setReadOnly(server.url, false);
  await vi.waitFor(async () => expect((await gateway.bare('/readyz')).status).toBe(200), PATIENCE);
  expect((await gateway.post('/v1/runs', submission)).status).toBe(202);
});
