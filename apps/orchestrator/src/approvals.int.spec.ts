import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import type { Actor, ApprovalPolicy } from '@baton/contracts';
import { acceptRequest, createPool, listDeadLetters } from '@baton/event-store';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import type { Hub } from './hub/hub.js';
import { takeInbox } from './requests/inbox.js';
import { HubFixture, log, sealerOf } from './testing/hub-fixture.js';

let fixture: HubFixture;
let gateway: Pool;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  gateway = createPool(fixture.database.url, { role: 'gateway', applicationName: 'approvals-test' });
});
afterEach(async () => {
  await gateway.end();
  await fixture.close();
});

/** Begins a run that asks at once; the id of what it asks for. */
async function ask(hub: Hub, policy: ApprovalPolicy): Promise<string> {
  const runId = randomUUID();
  const Ask = { Type: 'Task', Resource: 'baton:approval', Arguments: { title: 'Ship it?', policy }, End: true };
  const definition = JSON.parse(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Ask', States: { Ask } }));
  const message = fixture.start(runId);
  if (message.order.type !== 'StartRun') throw new Error('a start is a StartRun');
  const document = { ...message.order.document, definition };
  await hub.handle({ ...message, order: { ...message.order, document } });
  return `${runId}-1`;
}

/** An answer as the gateway accepts it, taken from the inbox. */
async function answer(hub: Hub, approvalId: string, requestId: string, facts: object): Promise<void> {
  const runId = approvalId.slice(0, 36);
  const message = { requestId, runId, approvalId, decision: 'approve', ...facts };
  await acceptRequest(gateway, { requestId, name: 'decide-approval', message: JSON.parse(JSON.stringify(message)) });
  const handle = hub.handle.bind(hub);
  await takeInbox({
    pool: fixture.pool,
    sealer: sealerOf(fixture.pool),
    catalog: createCatalog([]),
    monotonicMs: () => 0,
    log,
    graceMs: -1_000,
    handle,
    suspects: hub.suspects,
  });
}
const user = (id: string): Actor => ({ type: 'user', id });
const typesOf = async (approvalId: string): Promise<readonly string[]> =>
  (await fixture.events(approvalId.slice(0, 36))).map(({ type }) => type);
const reasons = async () => (await listDeadLetters(fixture.pool, { limit: 10 })).map(({ reason }) => reason);

test('an answer that does not count leaves the run as it is, and the dead letter says why', async () => {
  const hub = await fixture.startHub();
  const approval = await ask(hub, { approvers: ['ada', 'role:approver'], count: 2 });
  await answer(hub, approval, 'r1', { actor: user('ada') });
  const before = await typesOf(approval);
  expect(before.at(-1)).toBe('ApprovalCounted');

  await answer(hub, approval, 'r2', { actor: user('ada') });
  await answer(hub, approval, 'r3', { actor: user('bob'), roles: ['viewer'] });
  await answer(hub, approval, 'r4', { actor: user('bob'), roles: ['approver'], sha256: 'f'.repeat(64) });
  expect(await typesOf(approval)).toEqual(before);
  expect(await reasons()).toEqual([
    expect.stringMatching(/^approval-changed: /),
    expect.stringMatching(/^not-an-approver: .*user bob is not among those who may answer: ada, role:approver/),
    expect.stringMatching(/^answered-already: .*user ada has approved already/),
  ]);

  await answer(hub, approval, 'r5', { actor: user('bob'), roles: ['approver'] });
  expect(await typesOf(approval)).toContain('RunSucceeded');
  await answer(hub, approval, 'r6', { actor: user('eve'), roles: ['approver'] });
  expect((await reasons())[0]).toMatch(/^approval-not-open: /);
  expect(await typesOf(approval)).toHaveLength(before.length + 4);
});

test('a reminder and an escalation come from the database, whichever process is there then, and the approval keeps its id', async () => {
  const first = await fixture.startHub();
  const due = { remindAfterSeconds: 0.5, escalateAfterSeconds: 1, escalateTo: ['eve'] };
  const approval = await ask(first, { approvers: ['ada'], due });
  await first.stop();
  const hub = await fixture.startHub();
  await vi.waitFor(async () => expect(await typesOf(approval)).toContain('ApprovalEscalated'), 10_000);
  const { rows } = await fixture.pool.query('select command_id, name, deadline from baton.command');
  expect(rows).toEqual([{ command_id: approval, name: 'approval', deadline: null }]);
  expect((await typesOf(approval)).filter((type) => type.startsWith('Approval'))).toEqual([
    'ApprovalReminded',
    'ApprovalEscalated',
  ]);
  await answer(hub, approval, 'r1', { actor: user('eve') });
  expect(await typesOf(approval)).toContain('RunSucceeded');
});
