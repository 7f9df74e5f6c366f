import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { createPool, personalKeyStore } from '@baton/event-store';
import { Sealer } from '@baton/personal-data';
import { afterAll, expect, test } from 'vitest';
import { readRequest } from './read-request.js';

// Never asked: what is read here needs no run.
const pool = createPool('postgres://nobody@localhost:1/none', { role: 'hub', applicationName: 'requests-test' });
afterAll(() => pool.end());
const ports = { pool, sealer: new Sealer(personalKeyStore(pool)), catalog: createCatalog([]) };

const runId = randomUUID();
const actor = { type: 'user', id: 'alice' } as const;
const accepted = {
  requestId: 'r',
  runId,
  approvalId: `${runId}-1`,
  decision: 'reject',
  comment: 'no',
  actor,
  roles: [],
};

test('of a request that was accepted, what was accepted counts, and not what a message with its id says', async () => {
  const forged = { ...accepted, decision: 'approve', roles: ['admin'] };
  const stored = { requestId: 'r', name: 'decide-approval', message: accepted };
  expect(await readRequest('decide-approval', forged, stored, ports)).toMatchObject({
    order: { decision: 'reject', comment: 'no', roles: [] },
    actor,
  });
});

test('a message with the id of a request of another kind is its sender’s own word', async () => {
  const stored = { requestId: 'r', name: 'pause', message: { requestId: 'r', runId, actor } };
  expect(await readRequest('cancel', { requestId: 'r', runId, actor }, stored, ports)).toMatchObject({
    order: { type: 'CancelRun' },
    actor: { type: 'producer', id: 'user:alice' },
  });
});
