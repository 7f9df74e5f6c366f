import { ApprovalList, ApprovalView, RunResult, Verification } from '@baton/contracts';
import { ended, eventsOf, getRun, REQUIREMENTS, type Stack, submit, until, violations } from '@baton/test-stack';
import { expect } from 'vitest';
import { test } from './testing/shared-stack.js';

let stack: Stack;
test.beforeAll(({ everything }) => {
  stack = everything;
});

const start = (input: object): Promise<string> =>
  submit(stack, { workflow: 'seven-step', input: { requirements: REQUIREMENTS, ...input } });

/** The approval that a run waits for in a state, another one than `before`. */
async function asked(runId: string, state: string, before?: ApprovalView): Promise<ApprovalView> {
  let approvalId = '';
  await until(async () => {
    const run = await getRun(stack, runId);
    if (run !== null && ['succeeded', 'failed'].includes(run.status)) throw new Error(`it ended: ${run.cause}`);
    for (const wait of run?.waitingFor ?? []) {
      if (wait.kind === 'approval' && wait.state === state && wait.approvalId !== before?.approvalId) {
        approvalId = wait.approvalId;
      }
    }
    return approvalId !== '';
  }, `the run to ask in ${state}`);
  return show(approvalId);
}
const show = async (approvalId: string): Promise<ApprovalView> =>
  ApprovalView.parse(await stack.api(`/v1/approvals/${approvalId}`));

/** The status of the answer, and what it says. */
function answer(approvalId: string, body: object, sha256?: string): Promise<string> {
  const headers = sha256 === undefined ? {} : { 'if-match': `"${sha256}"` };
  const path = `/v1/approvals/${approvalId}/decision`;
  return stack.api(path, { method: 'POST', body: JSON.stringify(body), headers }).then(
    () => '202',
    (error: unknown) => String(error),
  );
}
const comment = 'Say in the plan what a word is.';
const changes = { decision: 'request-changes', comment };
const statesOf = async (runId: string): Promise<readonly string[]> =>
  (await eventsOf(stack, runId)).flatMap(({ type, data }) =>
    type === 'StateEntered' && data !== null && typeof data === 'object' && 'state' in data ? [String(data.state)] : [],
  );

test('a plan is sent back and approved, through kills of the orchestrator and the gateway, and nothing is done twice', async () => {
  const runId = await start({ gates: 'plan' });
  const first = await asked(runId, 'ApprovePlan');
  const shown = { title: 'Approve the plan', panel: { rounds: expect.anything() } };
  expect(first).toMatchObject({ status: 'open', arguments: shown });

  await stack.kill('orchestrator');
  await stack.kill('gateway');
  await until(() => stack.isReady(), 'the stack to be whole again');
  expect(await asked(runId, 'ApprovePlan')).toEqual(first);
  expect(await answer(first.approvalId, changes, 'f'.repeat(64))).toMatch(/ 412: .*approval-changed/);
  expect(await answer(first.approvalId, changes, first.sha256)).toBe('202');
  await stack.kill('orchestrator');

  const second = await asked(runId, 'ApprovePlan', first);
  expect(second.sha256).not.toBe(first.sha256);
  expect(JSON.stringify(second.arguments)).toContain(comment);
  expect(await answer(first.approvalId, { decision: 'approve' })).toMatch(/ 409: .*approval-answered/);
  expect(await answer(second.approvalId, { decision: 'approve' }, first.sha256)).toMatch(/ 412: /);
  await stack.kill('gateway');
  await until(() => stack.isReady(), 'the stack to be whole again');
  expect(await answer(second.approvalId, { decision: 'approve' }, second.sha256)).toBe('202');

  expect(await ended(stack, runId)).toMatchObject({ status: 'succeeded', error: null });
  const states = await statesOf(runId);
  const times = (state: string): number => states.filter((name) => name === state).length;
  const revisions = times('RevisePlan');
  expect([times('Plan'), times('ApprovePlan'), times('Implement')]).toEqual([1, 2, 1]);
  // What the validator asked for, and what the person did.
  expect(times('ValidatePlan')).toBe(revisions + 1);
  const events = await eventsOf(stack, runId);
  expect(violations(events)).toEqual([]);
  expect(events.filter(({ type }) => type === 'ApprovalDecided')).toHaveLength(2);
  expect(events.filter(({ type }) => type === 'TaskTimedOut' || type === 'TaskFailed')).toEqual([]);
});

test('who submitted the run may be barred, and nobody approves twice', async () => {
  const barred = await asked(await start({ gates: 'plan', approval: { excludeSubmitter: true } }), 'ApprovePlan');
  expect(await answer(barred.approvalId, { decision: 'approve' })).toMatch(/ 403: .*approval-own-run/);
  expect(await show(barred.approvalId)).toEqual(barred);

  const pair = await asked(await start({ gates: 'plan', approval: { count: 2 } }), 'ApprovePlan');
  expect(await answer(pair.approvalId, { decision: 'approve' }, pair.sha256)).toBe('202');
  await until(async () => (await show(pair.approvalId)).approvals.length === 1, 'the approval to be counted');
  expect(await show(pair.approvalId)).toMatchObject({ status: 'open', missing: { count: 1, from: null } });
  expect(await answer(pair.approvalId, { decision: 'approve' })).toMatch(/ 409: .*approval-answered-already/);
  expect(await answer(pair.approvalId, { decision: 'reject', comment: 'no' })).toMatch(/ 409: /);
  expect((await getRun(stack, pair.runId))?.status).toBe('running');
});

test('a reminder and an escalation come although the orchestrator is killed, and those it was taken to may answer', async () => {
  const due = { remindAfterSeconds: 1, escalateAfterSeconds: 4, escalateTo: ['role:admin'] };
  const runId = await start({ gates: 'plan', approval: { approvers: ['nobody-here'], due } });
  const approval = await asked(runId, 'ApprovePlan');
  expect(await answer(approval.approvalId, { decision: 'approve' })).toMatch(/ 403: .*nobody-here/);
  await until(async () => (await show(approval.approvalId)).remindedAt !== null, 'the reminder');
  await stack.kill('orchestrator');
  await until(async () => (await show(approval.approvalId)).escalatedAt !== null, 'the escalation');
  const { approvals } = ApprovalList.parse(await stack.api(`/v1/approvals?run=${runId}`));
  expect(approvals.map(({ approvalId }) => approvalId)).toEqual([approval.approvalId]);
  expect(await answer(approval.approvalId, { decision: 'reject', comment: 'too late' })).toBe('202');
  expect(await ended(stack, runId)).toMatchObject({ status: 'failed', error: 'Baton.Rejected', cause: 'too late' });
});

test('code that does not pass in its rounds is put before a person, who may ask for one more', async () => {
  const runId = await start({ maxRounds: 1, thresholds: { alignment: 0, standardization: 0, compatibility: 0 } });
  const approval = await asked(runId, 'EscalateCode');
  expect(approval.arguments).toMatchObject({ toolReport: { passed: false }, panel: { rounds: [{ round: 1 }] } });
  expect(await answer(approval.approvalId, { decision: 'request-changes', comment: 'mend what fails' })).toBe('202');
  expect(await ended(stack, runId)).toMatchObject({ status: 'succeeded', rounds: { plan: 1, code: 2 } });
  const { output } = RunResult.parse(await stack.api(`/v1/runs/${runId}/result`));
  expect(output).toMatchObject({ toolReport: { passed: true } });
});

test('the log of all that verifies', async () => {
  expect(Verification.parse(await stack.api('/v1/audit/verify'))).toMatchObject({ verified: true, problem: null });
});
