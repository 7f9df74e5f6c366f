import {
  type Actor,
  ApprovalPolicy,
  type Approver,
  explainIssues,
  type Json,
  personOf,
  roleOf,
} from '@baton/contracts';

/** Something wrong with a policy; the path leads into it. */
export interface PolicyProblem {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

/** What is wrong with a policy, whoever submits the run. */
export function policyProblems(policy: Json): readonly PolicyProblem[] {
  const read = ApprovalPolicy.safeParse(policy);
  if (!read.success) {
    return explainIssues(read.error, policy, ApprovalPolicy).map(({ path, detail }) => ({
      path: path.map(asKey),
      problem: detail,
    }));
  }
  return [...countProblems(read.data), ...dueProblems(read.data)];
}

const asKey = (key: PropertyKey): string | number => (typeof key === 'number' ? key : String(key));

/** The people that a list names; null where it has a role, which any number of people may have. */
function peopleIn(approvers: readonly Approver[] | undefined): ReadonlySet<string> | null {
  if (approvers === undefined || approvers.some((approver) => roleOf(approver) !== null)) return null;
  return new Set(approvers.map((approver) => approver.replace(/^(user|apikey):/, '')));
}

function countProblems({ approvers, count = 1 }: ApprovalPolicy): readonly PolicyProblem[] {
  const people = peopleIn(approvers);
  if (people === null || people.size >= count) return [];
  const named = `${people.size} ${people.size === 1 ? 'is' : 'are'} named`;
  return [{ path: ['count'], problem: `${count} people have to approve and ${named}: name more, or a role` }];
}

/** Before it is known who submits: where one of the approvers does, the others are not enough. */
export function submitterProblems({
  approvers,
  count = 1,
  excludeSubmitter,
}: ApprovalPolicy): readonly PolicyProblem[] {
  const people = peopleIn(approvers);
  if (people === null || excludeSubmitter !== true || people.size !== count) return [];
  const left = people.size === 1 ? 'nobody is left who may approve' : 'too few are left who may approve';
  const problem = `where one of the approvers submits the run, ${left}: name one more, or a role`;
  return [{ path: ['excludeSubmitter'], problem }];
}

function dueProblems({ due = {} }: ApprovalPolicy): readonly PolicyProblem[] {
  const { remindAfterSeconds: remind, escalateAfterSeconds: escalate, escalateTo } = due;
  if (escalate === undefined && escalateTo !== undefined) {
    return [{ path: ['due', 'escalateTo'], problem: 'escalateAfterSeconds has to say when they are asked' }];
  }
  if (escalate !== undefined && escalateTo === undefined) {
    return [{ path: ['due', 'escalateAfterSeconds'], problem: 'escalateTo has to name whom it is taken to' }];
  }
  if (remind === undefined || escalate === undefined || remind <= escalate) return [];
  const problem = `a reminder after ${remind} seconds comes after the escalation, which is after ${escalate}`;
  return [{ path: ['due', 'remindAfterSeconds'], problem }];
}

/** Why the policy of a run that was begun by somebody can never be met, or null. */
export function unmeetable({ approvers, count = 1, excludeSubmitter }: ApprovalPolicy, by: Actor): string | null {
  const people = peopleIn(approvers);
  if (people === null || excludeSubmitter !== true) return null;
  const own = new Set([by.id, `${by.type}:${by.id}`, personOf(by), personOf(by).replace(/^(user|apikey):/, '')]);
  const left = [...people].filter((person) => !own.has(person)).length;
  return left >= count ? null : `${count} have to approve, and ${left} may: ${by.type} ${by.id} submitted the run`;
}
