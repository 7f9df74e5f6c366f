import { Actor, ApprovalPolicy, type Approver, type Role, roleOf } from '@baton/contracts';
import { z } from 'zod';

/*
 * An approval that has a policy. It stands in the state of the run beside the command that asks, so who has answered and
 * when somebody is reminded are facts of the log, and no process has to remember them.
 *
 * Answers are taken in the order in which they are decided. The first rejection or request for changes ends the approval;
 * an approval counts once for each person, and the last one that is needed ends it.
 */

export const GivenApproval = z.object({ by: Actor, comment: z.string() });
export type GivenApproval = z.infer<typeof GivenApproval>;

export const Approval = z.object({
  policy: ApprovalPolicy,
  /** Approvals so far, oldest first: fewer than are needed. */
  given: z.array(GivenApproval),
  /** When somebody has to be reminded, and when others are asked; null where nobody is, or where it is done. */
  remindAt: z.string().nullable(),
  escalateAt: z.string().nullable(),
  isEscalated: z.boolean(),
});
export type Approval = z.infer<typeof Approval>;

/** Whoever answers, and the roles that the gateway vouches for. */
export interface Answerer {
  readonly by: Actor;
  readonly roles: readonly Role[];
}

export interface Refusal {
  readonly code: 'not-an-approver' | 'own-run' | 'answered-already';
  /** One sentence. */
  readonly reason: string;
}

const countOf = ({ policy }: Pick<Approval, 'policy'>): number => policy.count ?? 1;

/** Who may answer now; null where everybody may. */
function approversOf({ policy, isEscalated }: Pick<Approval, 'policy' | 'isEscalated'>): readonly Approver[] | null {
  const { approvers, due } = policy;
  if (approvers === undefined) return null;
  return [...new Set([...approvers, ...(isEscalated ? (due?.escalateTo ?? []) : [])])];
}

export const isSame = (a: Actor, b: Actor): boolean => a.type === b.type && a.id === b.id;

/** A user or an API key is somebody whom the gateway knows; whoever writes to a queue may claim to be anybody. */
const isKnown = ({ type }: Actor): boolean => type === 'user' || type === 'apikey';

/** Whether an approver of a policy is this one, by name or by a role. */
export function isMeant(approver: Approver, { by, roles }: Answerer): boolean {
  const role = roleOf(approver);
  if (role !== null) return isKnown(by) && (roles.includes(role) || roles.includes('admin'));
  return approver === `${by.type}:${by.id}` || (isKnown(by) && approver === by.id);
}

/**
 * Why an answer has no effect, or null.
 * @param approval null where the question has no policy: then everybody may answer
 */
export function refusalOf(approval: Approval | null, submittedBy: Actor, answerer: Answerer): Refusal | null {
  if (approval === null) return null;
  const { by } = answerer;
  const who = `${by.type} ${by.id}`;
  if (approval.policy.excludeSubmitter === true && isSame(by, submittedBy)) {
    return { code: 'own-run', reason: `${who} submitted the run and may not answer for it` };
  }
  const approvers = approversOf(approval);
  const isAllowed = approvers === null ? isKnown(by) : approvers.some((approver) => isMeant(approver, answerer));
  if (!isAllowed) {
    const meant = approvers === null ? 'somebody whom the gateway knows' : approvers.join(', ');
    return { code: 'not-an-approver', reason: `${who} is not among those who may answer: ${meant}` };
  }
  return approval.given.some((given) => isSame(given.by, by))
    ? { code: 'answered-already', reason: `${who} has approved already, and counts once` }
    : null;
}

/** How many different people still have to approve, and who may; `from` is null where everybody may. */
export function missingOf(approval: Approval | null): {
  readonly count: number;
  readonly from: readonly Approver[] | null;
} {
  if (approval === null) return { count: 1, from: null };
  const answered = (approver: Approver): boolean =>
    approval.given.some(({ by }) => approver === `${by.type}:${by.id}` || (isKnown(by) && approver === by.id));
  const from = approversOf(approval)?.filter((approver) => !answered(approver)) ?? null;
  return { count: countOf(approval) - approval.given.length, from };
}

/** Whether one more approval is the last one that is needed. */
export const isLast = (approval: Approval | null): boolean =>
  approval === null || approval.given.length + 1 >= countOf(approval);
