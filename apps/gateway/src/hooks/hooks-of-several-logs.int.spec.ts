import { randomBytes } from 'node:crypto';
import { shardOf } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { expect, inject, onTestFinished, test } from 'vitest';
import { startTestGateway } from '../testing/test-gateway.js';

test('where there are several logs, the runs of a hook are in the log of the hook, also of what comes again after long', async () => {
  const secret = randomBytes(24).toString('hex');
  const gateway = await startTestGateway(inject('postgresUrl'), {
    hookSecrets: new Map([['TICK', secret]]),
    shard: { number: 1, of: 2 },
  });
  onTestFinished(() => gateway.stop());
  const owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'hook-test', max: 1 });
  onTestFinished(() => owner.end());
  const hook = { name: 'tick', verify: 'bearer', secret: 'TICK', run: { workflow: 'two-steps' } };
  expect((await gateway.post('/v1/hooks', hook)).status).toBe(201);
  const input = { requirements: 'tick' };
  const deliver = (key: number) =>
    gateway.bare('/hooks/tick', {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        'idempotency-key': `tick-${key}`,
      },
      body: JSON.stringify(input),
    });
  // By chance half of them would be in another one.
  const keys = Array.from({ length: 8 }, (_, key) => key);
  const answers = await Promise.all(keys.map(deliver));
  expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 202));
  expect(answers.map(({ body }) => shardOf(body.runId, 2))).toEqual(keys.map(() => 1));
  expect((await deliver(0)).body).toEqual(answers[0]?.body);

  const { rows } = await owner.query<{ id: string; run: string }>(
    'select request_id as id, begins as run from baton.inbox where begins = $1',
    [answers[0]?.body.runId],
  );
  await gateway.log.append(answers[0]?.body.runId, runStarted({ requestId: rows[0]?.id ?? '', input }));
  await owner.query('delete from baton.inbox');
  await owner.query('delete from baton.accepted_request');
  const late = await deliver(0);
  expect([late.status, late.body]).toEqual([202, answers[0]?.body]);
  expect((await owner.query('select from baton.inbox')).rowCount).toBe(0);
});
