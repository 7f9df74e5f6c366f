import { randomUUID } from 'node:crypto';
import { type Actor, type ApprovalPolicy, ApprovalView } from '@baton/contracts';
import { runStarted } from '@baton/read-model/testing';
import type { RunEvent } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { answered, asked, entered, frame } from '../testing/approval-events.js';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

async function asking(policy: ApprovalPolicy): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted(), frame(1), entered(1), asked(runId, 1, { title: 'Ship it?' }, policy));
  return runId;
}

describe('an approval with a policy', () => {
  const counted = (runId: string, by: Actor): RunEvent => ({
    type: 'ApprovalCounted',
    data: { visit: 1, commandId: `${runId}-1`, comment: 'good', by, requestId: 'r' },
  });
  const ada: Actor = { type: 'user', id: 'ada' };
  const caller: Actor = { type: 'apikey', id: 'local-admin' };
  const approve = (runId: string): Promise<Answer> =>
    gateway.post(`/v1/approvals/${runId}-1/decision`, { decision: 'approve' });

  test('shows who has approved, who is missing, and that it was taken to others', async () => {
    const policy = { approvers: ['ada', 'bob'], count: 2, due: { escalateAfterSeconds: 1, escalateTo: ['eve'] } };
    const runId = await asking(policy);
    const about = { visit: 1, commandId: `${runId}-1` };
    await gateway.log.append(
      runId,
      counted(runId, ada),
      { type: 'ApprovalReminded', data: about },
      { type: 'ApprovalEscalated', data: { ...about, to: ['eve'] } },
    );
    const open = ApprovalView.parse((await gateway.get(`/v1/approvals/${runId}-1`)).body);
    expect(open).toMatchObject({
      status: 'open',
      policy,
      approvals: [{ by: ada, comment: 'good', at: expect.any(String) }],
      missing: { count: 1, from: ['bob', 'eve'] },
      remindedAt: expect.any(String),
      escalatedAt: expect.any(String),
    });
    const bob: Actor = { type: 'user', id: 'bob' };
    const approvals = [ada, bob].map((by) => ({ by, comment: 'good' }));
    await gateway.log.append(runId, answered(runId, { by: bob, approvals }));
    expect((await gateway.get(`/v1/approvals/${runId}-1`)).body).toMatchObject({
      status: 'approve',
      approvals: [{ by: ada }, { by: bob }],
      missing: null,
    });
  });

  test('refuses whoever may not answer, with how it stands', async () => {
    const answer = await approve(await asking({ approvers: ['ada', 'user:bob'] }));
    expect(answer).toMatchObject({ status: 403, body: { code: 'approval-not-an-approver' } });
    expect(answer.body.detail).toContain('Nobody has approved yet; 1 more person has to, of: ada, user:bob.');
  });

  test('refuses the second approval of one person', async () => {
    const runId = await asking({ count: 2 });
    await gateway.log.append(runId, counted(runId, caller));
    const answer = await approve(runId);
    expect(answer).toMatchObject({ status: 409, body: { code: 'approval-answered-already' } });
    expect(answer.body.detail).toContain('Approved by apikey local-admin; 1 more person has to, of: anybody else.');
  });

  test('takes the answer of one who has the role', async () => {
    expect((await approve(await asking({ approvers: ['role:approver'] }))).status).toBe(202);
  });

  test('that the keys which exist cannot meet says so, at the approval and at the run, until one is made that can', async () => {
    const runId = await asking({ approvers: ['role:approver'], count: 2 });
    const blocked = async () => {
      const approval = ApprovalView.parse((await gateway.get(`/v1/approvals/${runId}-1`)).body).blocked;
      const [wait] = (await gateway.get(`/v1/runs/${runId}`)).body.waitingFor;
      expect(wait.blocked ?? null).toBe(approval);
      return approval;
    };
    const document = (policy: ApprovalPolicy) => ({
      name: 'asks',
      version: '1.0.0',
      title: 'Asks',
      definition: {
        QueryLanguage: 'JSONata',
        StartAt: 'Ask',
        States: { Ask: { Type: 'Task', Resource: 'baton:approval', Arguments: { title: 'Ship?', policy }, End: true } },
      },
    });
    const findings = async (policy: ApprovalPolicy) =>
      (await gateway.post('/v1/workflows/validate', document(policy))).body.findings;
    await expect.poll(blocked).toBe('2 people of role:approver have to approve, and only local-admin may');
    expect(await findings({ approvers: ['role:approver'], count: 2 })).toMatchObject([
      { severity: 'warning', code: 'approval-cannot-be-met', pointer: '/definition/States/Ask/Arguments/policy' },
    ]);
    expect(await findings({ excludeSubmitter: true })).toMatchObject([
      { message: expect.stringContaining('where local-admin submits') },
    ]);
    await gateway.post('/v1/auth/keys', { name: 'vera', roles: ['viewer'] });
    expect(await blocked()).not.toBeNull();
    await gateway.post('/v1/auth/keys', { name: 'ada', roles: ['approver'] });
    expect(await blocked()).toBeNull();
    expect(await findings({ approvers: ['role:approver'], count: 2 })).toEqual([]);
    expect(await findings({ excludeSubmitter: true })).toEqual([]);
  });
});
