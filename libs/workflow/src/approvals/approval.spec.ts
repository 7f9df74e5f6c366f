import type { Actor, ApprovalPolicy, Role } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { type Approval, isLast, missingOf, refusalOf } from './approval.js';
import { policyProblems, submitterProblems, unmeetable } from './check-policy.js';

const user = (id: string): Actor => ({ type: 'user', id });
const SUBMITTER: Actor = { type: 'apikey', id: 'ci' };

const keyOf = (owner: string, ...knownTo: string[]): Actor => ({
  type: 'apikey',
  id: `key-of-${owner}`,
  person: `user:${owner}`,
  ...(knownTo.length === 0 ? {} : { knownTo }),
});

const approvalOf = (policy: ApprovalPolicy, ...given: readonly string[]): Approval => ({
  policy,
  given: given.map((id) => ({ by: user(id), comment: '' })),
  remindAt: null,
  escalateAt: null,
  isEscalated: false,
});

describe('an answer', () => {
  test.each<[string, ApprovalPolicy, Actor, readonly Role[], readonly string[], string | null]>([
    ['of anybody, where nobody is named', {}, user('ada'), [], [], null],
    ['of a person by the id', { approvers: ['ada'] }, user('ada'), [], [], null],
    ['of a person by type and id', { approvers: ['user:ada'] }, user('ada'), [], [], null],
    ['of an API key by type and id', { approvers: ['apikey:ada'] }, { type: 'apikey', id: 'ada' }, [], [], null],
    [
      'of a user where a key of that id is meant',
      { approvers: ['apikey:ada'] },
      user('ada'),
      [],
      [],
      'not-an-approver',
    ],
    ['of somebody else', { approvers: ['ada'] }, user('bob'), ['admin'], [], 'not-an-approver'],
    ['of somebody with the role', { approvers: ['role:approver'] }, user('bob'), ['approver'], [], null],
    ['of an admin', { approvers: ['role:approver'] }, user('bob'), ['admin'], [], null],
    ['of somebody without the role', { approvers: ['role:approver'] }, user('bob'), ['viewer'], [], 'not-an-approver'],
    [
      'of a producer that claims to be a person',
      { approvers: ['user:ada'] },
      { type: 'producer', id: 'user:ada' },
      [],
      [],
      'not-an-approver',
    ],
    [
      'of a producer that has the id of a person',
      { approvers: ['ada'] },
      { type: 'producer', id: 'ada' },
      [],
      [],
      'not-an-approver',
    ],
    [
      'of a producer that claims a role',
      { approvers: ['role:admin'] },
      { type: 'producer', id: 'x' },
      ['admin'],
      [],
      'not-an-approver',
    ],
    ['of a producer, where nobody is named', { count: 2 }, { type: 'producer', id: 'x' }, [], [], 'not-an-approver'],
    [
      'of a producer that is named',
      { approvers: ['producer:intake'] },
      { type: 'producer', id: 'intake' },
      [],
      [],
      null,
    ],
    ['of the submitter', {}, SUBMITTER, [], [], null],
    ['of the submitter, who is barred', { excludeSubmitter: true }, SUBMITTER, ['admin'], [], 'own-run'],
    ['of a user with the id of the key that is barred', { excludeSubmitter: true }, user('ci'), [], [], null],
    ['of the second person', { count: 2 }, user('bob'), [], ['ada'], null],
    ['of the same person again', { count: 2 }, user('ada'), [], ['ada'], 'answered-already'],
  ])('%s', (_, policy, by, roles, given, expected) => {
    expect(refusalOf(approvalOf(policy, ...given), SUBMITTER, { by, roles })?.code ?? null).toBe(expected);
  });

  test('is never refused where there is no policy', () => {
    expect(refusalOf(null, SUBMITTER, { by: { type: 'producer', id: 'x' }, roles: [] })).toBeNull();
  });

  test.each<[string, ApprovalPolicy, Actor, Actor, string | null]>([
    ['by a key of the user who submitted', { excludeSubmitter: true }, keyOf('ada'), user('ada'), 'own-run'],
    ['by the user whose key submitted', { excludeSubmitter: true }, user('ada'), keyOf('ada'), 'own-run'],
    [
      'by a key that the submitter made for another',
      { excludeSubmitter: true },
      keyOf('bob', 'user:ada'),
      user('ada'),
      'own-run',
    ],
    ['by a key of somebody else', { excludeSubmitter: true }, keyOf('bob'), user('ada'), null],
    ['by a key of the one who is named', { approvers: ['user:bob'] }, keyOf('bob'), user('ada'), null],
    ['by a key of the one who is named by the id', { approvers: ['bob'] }, keyOf('bob'), user('ada'), null],
    [
      'by a key of another that the one who is named has seen',
      { approvers: ['user:bob'] },
      keyOf('eve', 'user:bob'),
      user('ada'),
      'not-an-approver',
    ],
  ])('%s', (_, policy, by, submittedBy, expected) => {
    expect(refusalOf(approvalOf(policy), submittedBy, { by, roles: [] })?.code ?? null).toBe(expected);
  });

  test('of one person with two credentials counts once, and says as whom', () => {
    const refusal = refusalOf(approvalOf({ count: 2 }, 'ada'), SUBMITTER, { by: keyOf('ada'), roles: [] });
    expect(refusal).toEqual({
      code: 'answered-already',
      reason: 'apikey key-of-ada has approved already as user ada, and counts once',
    });
  });

  test('says who is missing', () => {
    const approval = approvalOf({ approvers: ['ada', 'user:bob', 'role:approver'], count: 3 }, 'bob');
    expect(missingOf(approval)).toEqual({ count: 2, from: ['ada', 'role:approver'] });
    expect([isLast(approval), isLast(approvalOf({ count: 2 }, 'bob')), isLast(null)]).toEqual([false, true, true]);
    expect(missingOf(approvalOf({ count: 2 }))).toEqual({ count: 2, from: null });
  });

  test('may come from those it was taken to, once it was', () => {
    const policy = { approvers: ['ada'], due: { escalateAfterSeconds: 60, escalateTo: ['eve'] } };
    const answer = { by: user('eve'), roles: [] };
    expect(refusalOf(approvalOf(policy), SUBMITTER, answer)?.code).toBe('not-an-approver');
    expect(refusalOf({ ...approvalOf(policy), isEscalated: true }, SUBMITTER, answer)).toBeNull();
  });
});

describe('a policy', () => {
  test.each<[string, object, string, RegExp]>([
    ['that asks for more than it names', { approvers: ['ada'], count: 2 }, 'count', /2 people .* 1 is named/],
    ['that names one person twice', { approvers: ['ada', 'user:ada'], count: 2 }, 'count', /1 is named/],
    ['that asks for nobody', { count: 0 }, 'count', /1/],
    ['that asks for too many', { count: 11 }, 'count', /10/],
    ['that names nobody', { approvers: [] }, 'approvers', /name somebody/],
    ['with an unknown role', { approvers: ['role:boss'] }, 'approvers/0', /no role "boss".* viewer, submitter/],
    [
      'that reminds after the escalation',
      { due: { remindAfterSeconds: 9, escalateAfterSeconds: 8, escalateTo: ['a'] } },
      'due/remindAfterSeconds',
      /after 8/,
    ],
    ['that escalates to nobody', { due: { escalateAfterSeconds: 8 } }, 'due/escalateAfterSeconds', /whom/],
    ['that escalates never', { due: { escalateTo: ['a'] } }, 'due/escalateTo', /when/],
    ['that reminds at once', { due: { remindAfterSeconds: 0 } }, 'due/remindAfterSeconds', /0/],
    ['with a member that is none', { approver: ['a'] }, 'approver', /did you mean "approvers"/],
  ])('%s is refused', (_, policy, path, problem) => {
    const [found] = policyProblems(JSON.parse(JSON.stringify(policy)));
    expect(found?.path.join('/')).toBe(path);
    expect(found?.problem).toMatch(problem);
  });

  test.each([
    {},
    { approvers: ['role:approver'], count: 10 },
    { approvers: ['ada', 'bob'], count: 2 },
    { due: { remindAfterSeconds: 8, escalateAfterSeconds: 8, escalateTo: ['role:admin'] } },
  ])('that can be met is good: %j', (policy) => {
    expect(policyProblems(policy)).toEqual([]);
  });

  test('must leave enough approvers, whoever of them submits', () => {
    expect(submitterProblems({ approvers: ['ada'], excludeSubmitter: true })[0]?.problem).toContain('nobody is left');
    expect(submitterProblems({ approvers: ['ada', 'bob'], count: 2, excludeSubmitter: true })[0]?.problem).toContain(
      'too few',
    );
    expect(submitterProblems({ approvers: ['ada', 'bob'], excludeSubmitter: true })).toEqual([]);
    expect(submitterProblems({ approvers: ['role:admin'], excludeSubmitter: true })).toEqual([]);
  });

  test('that only its submitter can meet can never be met', () => {
    const policy = { approvers: ['ci'], excludeSubmitter: true };
    expect(unmeetable(policy, SUBMITTER)).toBe('1 have to approve, and 0 may: apikey ci submitted the run');
    expect(unmeetable(policy, user('ada'))).toBeNull();
  });
});
