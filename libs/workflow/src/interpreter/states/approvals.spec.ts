import type { Actor, ApprovalAnswer, JsonObject, Role } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { branches, documentOf, type Scenario, START_MS, scenario, task, typesOf } from '../../testing/scenario.js';
import { explainAnswer } from '../explain-answer.js';

const asking = (policy: JsonObject, over: JsonObject = {}) =>
  documentOf({ Ask: task({ Resource: 'baton:approval', Arguments: { title: 'Ship it?', policy }, ...over }) });
const user = (id: string): Actor => ({ type: 'user', id });
const at = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString();

function answer(run: Scenario, by: Actor, decision: ApprovalAnswer = 'approve', roles: readonly Role[] = []) {
  const approvalId = run.commandOf('Ask').commandId;
  return run.when(
    { type: 'DecideApproval', requestId: `r-${run.log().length}`, approvalId, decision, comment: by.id, roles },
    by,
  );
}
async function begun(policy: JsonObject, over: JsonObject = {}): Promise<Scenario> {
  const run = scenario(asking(policy, over));
  await run.start();
  return run;
}

describe('an approval that needs two people', () => {
  test('waits for the second, and gives both', async () => {
    const run = await begun({ count: 2 });
    const { commandId } = run.commandOf('Ask');
    expect(typesOf(await answer(run, user('ada')))).toEqual(['ApprovalCounted']);
    expect(run.commandOf('Ask').commandId).toBe(commandId);
    await answer(run, user('bob'));
    expect(run.state()).toMatchObject({
      status: 'succeeded',
      output: {
        decision: 'approve',
        by: 'user:bob',
        approvals: [
          { by: 'user:ada', comment: 'ada' },
          { by: 'user:bob', comment: 'bob' },
        ],
      },
    });
  });

  test('counts one person once, and leaves the run as it is', async () => {
    const run = await begun({ count: 2 });
    await answer(run, user('ada'));
    const before = run.state();
    expect(await answer(run, user('ada'))).toEqual([]);
    expect(await answer(run, user('ada'), 'reject')).toEqual([]);
    expect(run.state()).toBe(before);
    const command = {
      ...{ type: 'DecideApproval' as const, requestId: 'r', approvalId: run.commandOf('Ask').commandId },
      ...{ decision: 'approve' as const, comment: '' },
    };
    expect(explainAnswer(before, command, user('ada'))?.reason).toContain('user ada has approved already');
    expect(explainAnswer(before, command, user('bob'))).toBeNull();
    expect(explainAnswer(before, { ...command, sha256: 'f'.repeat(64) }, user('bob'))?.code).toBe('approval-changed');
  });

  test.each<[ApprovalAnswer, object]>([
    ['reject', { status: 'failed', error: 'Baton.Rejected', cause: 'bob' }],
    [
      'request-changes',
      { status: 'succeeded', output: { decision: 'request-changes', comment: 'bob', by: 'user:bob' } },
    ],
  ])('is decided by the first to say %s', async (decision, expected) => {
    const run = await begun({ count: 2 });
    await answer(run, user('ada'));
    await answer(run, user('bob'), decision);
    expect(run.state()).toMatchObject(expected);
  });

  test('counts what came while the run was paused', async () => {
    const run = await begun({ count: 2 });
    await run.pause();
    await answer(run, user('ada'));
    await answer(run, user('bob'));
    expect(run.state()).toMatchObject({ status: 'running' });
    await run.resume();
    expect(run.state()).toMatchObject({ status: 'succeeded' });
  });

  test('is asked anew, with nobody counted, after a retry', async () => {
    const run = await begun({ count: 2 });
    await answer(run, user('ada'));
    await answer(run, user('bob'), 'reject');
    await run.retry();
    expect(typesOf(await answer(run, user('ada')))).toEqual(['ApprovalCounted']);
  });
});

test('who submitted the run may be barred from answering', async () => {
  const run = await begun({ excludeSubmitter: true });
  const submitter = user('tester');
  for (const decision of ['approve', 'reject', 'request-changes'] as const) {
    expect(await answer(run, submitter, decision)).toEqual([]);
  }
  expect(typesOf(await answer(run, user('ada')))).toContain('RunSucceeded');
});

test('only those who are named may answer, and roles are what the command says', async () => {
  const run = await begun({ approvers: ['ada', 'role:operator'] });
  expect(await answer(run, user('bob'), 'approve', ['viewer'])).toEqual([]);
  expect(typesOf(await answer(run, user('bob'), 'approve', ['operator']))).toContain('RunSucceeded');
  expect(run.eventsOf('ApprovalDecided')[0]?.data).toMatchObject({ by: user('bob'), roles: ['operator'] });
});

describe('an approval that waits long', () => {
  const due = { remindAfterSeconds: 60, escalateAfterSeconds: 120, escalateTo: ['eve'] };

  test('reminds, then asks others, and keeps its id', async () => {
    const run = await begun({ approvers: ['ada'], due });
    const { commandId, deadline } = run.commandOf('Ask');
    expect(deadline).toBe(at(60));
    expect(await run.when({ type: 'ExpireCommand', commandId })).toEqual([]);
    expect(typesOf(await run.expire('Ask'))).toEqual(['ApprovalReminded']);
    expect(run.commandOf('Ask')).toMatchObject({ commandId, deadline: at(120), name: 'approval' });
    expect(await answer(run, user('eve'))).toEqual([]);
    expect(typesOf(await run.expire('Ask'))).toEqual(['ApprovalEscalated']);
    expect(run.commandOf('Ask')).toMatchObject({ commandId, deadline: null });
    expect(typesOf(await answer(run, user('eve')))).toContain('RunSucceeded');
  });

  test('does both at once where nobody looked for long', async () => {
    const run = await begun({ approvers: ['ada'], due });
    run.pass(500_000);
    expect(typesOf(await run.expire('Ask'))).toEqual(['ApprovalReminded', 'ApprovalEscalated']);
  });

  test('still ends with its own time', async () => {
    const run = await begun({ approvers: ['ada'], due }, { TimeoutSeconds: 90 });
    await run.expire('Ask');
    expect(run.commandOf('Ask').deadline).toBe(at(90));
    await run.expire('Ask');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Timeout' });
    expect(run.eventsOf('ApprovalEscalated')).toEqual([]);
  });

  test('reminds in a paused run too, and goes with a branch that is given up', async () => {
    const document = documentOf({
      P: {
        ...branches('Work'),
        Branches: [
          ...[{ StartAt: 'Work', States: { Work: task() } }],
          { StartAt: 'Ask', States: { Ask: task({ Resource: 'baton:approval', Arguments: { policy: { due } } }) } },
        ],
        End: true,
      },
    });
    const run = scenario(document);
    await run.start();
    await run.pause();
    await run.expire('Ask');
    expect(run.eventsOf('ApprovalReminded')).toHaveLength(1);
    await run.resume();
    await run.fail('Work', 'Broken');
    expect(run.open()).toEqual([]);
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Broken' });
  });
});

test.each([
  [{ count: '{% 5 - 6 %}' }, /policy\/count/],
  [{ approvers: '{% ["tester"] %}', excludeSubmitter: true }, /user tester submitted the run/],
  ['{% 5 %}', /policy/],
])('a policy that turns out to be none fails the state: %j', async (policy, cause) => {
  const run = scenario(documentOf({ Ask: task({ Resource: 'baton:approval', Arguments: { policy } }) }));
  await run.start();
  expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.InvalidPolicy' });
  expect(run.eventsOf('RunFailed')[0]?.data.cause).toMatch(cause);
});
