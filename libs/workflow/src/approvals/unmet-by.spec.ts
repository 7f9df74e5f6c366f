import type { ApprovalPolicy, Role } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { unmetBy, unmetForSomebody } from './unmet-by.js';

const key = (id: string, ...roles: Role[]) => ({ by: { type: 'apikey' as const, id }, roles });
const admin = key('local-admin', 'admin');
const ada = key('ada', 'approver');
const bob = key('bob', 'approver', 'submitter');

describe('a policy', () => {
  test.each<[string, ApprovalPolicy, (typeof ada)[], RegExp | null]>([
    ['of one, where there is one', {}, [admin], null],
    ['of two, where there is one', { count: 2 }, [admin], /^2 people have to approve, and only local-admin may$/],
    ['of two, where there are two', { count: 2 }, [admin, ada], null],
    [
      'that names somebody who has no key',
      { approvers: ['eve'] },
      [admin, ada],
      /^1 person of eve has to approve, and none of the keys/,
    ],
    ['that names somebody who has', { approvers: ['eve', 'ada'] }, [admin, ada], null],
    ['with a role that nobody has but an admin', { approvers: ['role:approver'] }, [admin], null],
    ['of two with a role', { approvers: ['role:auditor'], count: 2 }, [admin, ada], /only local-admin may/],
    [
      'that is taken to others who have one',
      { approvers: ['eve'], due: { escalateAfterSeconds: 1, escalateTo: ['ada'] } },
      [ada],
      null,
    ],
    ['that names somebody of the queue', { approvers: ['system:gate'] }, [admin], null],
  ])('%s', (_, policy, known, expected) => {
    const unmet = unmetBy(policy, known);
    if (expected === null) expect(unmet).toBeNull();
    else expect(unmet).toMatch(expected);
  });

  test('counts whoever has approved, and neither them nor the submitter again', () => {
    const policy = { count: 2, excludeSubmitter: true };
    const standing = { submittedBy: bob.by, given: [ada.by] };
    expect(unmetBy(policy, [ada, bob], standing)).toMatch(/^1 person has to approve, and none .*whoever submitted/);
    expect(unmetBy(policy, [ada, bob, admin], standing)).toBeNull();
  });

  test('counts a person once, however many keys they have', () => {
    const laptop = {
      ...key('laptop', 'approver'),
      by: { type: 'apikey' as const, id: 'laptop', person: 'apikey:ada' },
    };
    expect(unmetBy({ count: 2 }, [ada, laptop])).toMatch(/only ada may/);
    expect(unmetBy({ count: 2 }, [ada, laptop, bob])).toBeNull();
  });

  test('is found wanting before a run where one of those submits it', () => {
    expect(unmetForSomebody({ excludeSubmitter: true }, [admin])).toMatch(
      /^where local-admin submits the run, 1 person/,
    );
    expect(unmetForSomebody({ excludeSubmitter: true }, [admin, ada])).toBeNull();
    expect(unmetForSomebody({ count: 2 }, [admin])).toMatch(/^2 people/);
  });
});
