import { createPool } from '@baton/event-store';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  const hookSecrets = new Map([['TICK', 'a-secret-of-the-one-that-ticks']]);
  gateway = await startTestGateway(inject('postgresUrl'), { hookSecrets });
});
afterAll(() => gateway?.stop());

const timing = { type: 'interval', seconds: 60 };
const run = { workflow: 'two-steps', input: { requirements: 'Count words.' } };
const hook = { name: 'late', verify: 'bearer', secret: 'TICK', run: { workflow: 'two-steps' } };

test.each([
  ['makes a schedule', '/v1/schedules', { name: 'late', timing, run }, {}],
  ['makes a schedule once', '/v1/schedules', { name: 'late', timing, run }, { 'idempotency-key': 'late-once' }],
  ['takes over a schedule', '/v1/schedules/taken/take-over', undefined, {}],
  ['makes a hook', '/v1/hooks', hook, {}],
])(
  'a key that is being revoked while it %s makes nothing that a key of its name goes on with',
  async (what, path, body, more) => {
    const name = `key-that-${what.replaceAll(' ', '-')}`;
    const { body: key } = await gateway.post('/v1/auth/keys', { name, roles: ['submitter', 'operator'] });
    await gateway.post('/v1/schedules', { name: 'taken', timing, run });
    const owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'revokes', max: 2 });
    onTestFinished(() => owner.end());
    const revoking = await owner.connect();
    try {
      // As of somebody who waits for the log of accesses: nobody else sees yet that it is revoked.
      await revoking.query('begin');
      await revoking.query('update baton.api_key set revoked_at = clock_timestamp() where name = $1', [name]);
      let isAnswered = false;
      const answer = gateway.post(path, body, { authorization: `Bearer ${key.key}`, ...more }).finally(() => {
        isAnswered = true;
      });
      await expect.poll(async () => isAnswered || (await isWaitedFor(owner)), { timeout: 30_000 }).toBe(true);
      await revoking.query('commit');
      expect(await answer).toMatchObject({ status: 401, body: { code: 'key-revoked' } });
    } finally {
      revoking.release();
    }
    expect((await gateway.get('/v1/schedules')).body.schedules).toMatchObject([
      { name: 'taken', createdBy: { id: 'local-admin' } },
    ]);
    expect((await gateway.get('/v1/hooks')).body.hooks).toEqual([]);
  },
);

/** Whether somebody waits for what another transaction holds. */
async function isWaitedFor(owner: ReturnType<typeof createPool>): Promise<boolean> {
  const { rowCount } = await owner.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%api_key%for share%'`,
  );
  return (rowCount ?? 0) > 0;
}
