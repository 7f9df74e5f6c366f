import {
  Actor,
  ApprovalPolicy,
  type Approver,
  isSameActor,
  mayBeOnePerson,
  personOf,
  type Role,
  roleOf,
} from '@baton/contracts';
import { z } from 'zod';

/*
 * An approval that has a policy. It stands in the state of the run beside the command that asks, so who has answered and
 * when somebody is reminded are facts of the log, and no process has to remember them.
 *
 * Answers are taken in the order in which they are decided. The first rejection or request for changes ends the approval;
 * an approval counts once for each person, and the last one that is needed ends it. People are told apart by whose their
 * credentials are and who has seen them, so that nobody is two by a second key.
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

/** A user or an API key is somebody whom the gateway knows; whoever writes to a queue may claim to be anybody. */
const isKnown = ({ type }: Actor): boolean => type === 'user' || type === 'apikey';

/** Whether an approver of a policy is this one, by name or by a role. */
export function isMeant(approver: Approver, { by, roles }: Answerer): boolean {
  const role = roleOf(approver);
  if (role !== null) return isKnown(by) && (roles.includes(role) || roles.includes('admin'));
  return names(approver, by);
}

/** By the name of the credential, or by that of whoever has it; a bare id means somebody whom the gateway knows. */
function names(approver: Approver, by: Actor): boolean {
  const person = personOf(by);
  if (approver === `${by.type}:${by.id}` || approver === person) return true;
  return isKnown(by) && (approver === by.id || `user:${approver}` === person);
}

/**
 * Why an answer has no effect, or null.
 * @param approval null where the question has no policy: then everybody may answer
 */
export function refusalOf(approval: Approval | null, submittedBy: Actor, answerer: Answerer): Refusal | null {
  if (approval === null) return null;
  const { by } = answerer;
  const who = `${by.type} ${by.id}`;
  if (approval.policy.excludeSubmitter === true && mayBeOnePerson(by, submittedBy)) {
    return { code: 'own-run', reason: `${who} ${sameAs(by, submittedBy)} and may not answer for it` };
  }
  const approvers = approversOf(approval);
  const isAllowed = approvers === null ? isKnown(by) : approvers.some((approver) => isMeant(approver, answerer));
  if (!isAllowed) {
    const meant = approvers === null ? 'somebody whom the gateway knows' : approvers.join(', ');
    return { code: 'not-an-approver', reason: `${who} is not among those who may answer: ${meant}` };
  }
  const before = approval.given.find((given) => mayBeOnePerson(given.by, by));
  if (before === undefined) return null;
  const as = isSameActor(before.by, by) ? '' : ` as ${before.by.type} ${before.by.id}`;
  return { code: 'answered-already', reason: `${who} has approved already${as}, and counts once` };
}

/** How one who answers is the one who submitted. */
const sameAs = (by: Actor, submittedBy: Actor): string =>
  isSameActor(by, submittedBy)
    ? 'submitted the run'
    : `may be the same person as ${submittedBy.type} ${submittedBy.id}, who submitted the run,`;

/** How many different people still have to approve, and who may; `from` is null where everybody may. */
export function missingOf(approval: Approval | null): {
  readonly count: number;
  readonly from: readonly Approver[] | null;
} {
  if (approval === null) return { count: 1, from: null };
  const answered = (approver: Approver): boolean => approval.given.some(({ by }) => names(approver, by));
  const from = approversOf(approval)?.filter((approver) => !answered(approver)) ?? null;
  return { count: countOf(approval) - approval.given.length, from };
}

/** Whether one more approval is the last one that is needed. */
export const isLast = (approval: Approval | null): boolean =>
  approval === null || approval.given.length + 1 >= countOf(approval);
