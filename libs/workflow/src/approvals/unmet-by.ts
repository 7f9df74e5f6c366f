import { type Actor, type ApprovalPolicy, mayBeOnePerson } from '@baton/contracts';
import { type Answerer, isMeant } from './approval.js';

/** How far an approval has come, for whether it can come to its end. */
export interface Standing {
  /** Who submitted the run; null before that is known. */
  readonly submittedBy: Actor | null;
  /** Who has approved so far. */
  readonly given: readonly Actor[];
}

const NOTHING_YET: Standing = { submittedBy: null, given: [] };

/**
 * Why nobody can give what a policy still wants, as one sentence, or null where it can be met.
 *
 * @param known everybody whose answer would be taken. Whoever answers by the queue is not among them, and counts only where
 * the policy names it with its type.
 */
export function unmetBy(
  policy: ApprovalPolicy,
  known: readonly Answerer[],
  { submittedBy, given }: Standing = NOTHING_YET,
): string | null {
  const { approvers, count = 1, excludeSubmitter, due } = policy;
  const meant = approvers === undefined ? null : [...approvers, ...(due?.escalateTo ?? [])];
  const isBarred = (by: Actor): boolean =>
    (excludeSubmitter === true && submittedBy !== null && mayBeOnePerson(by, submittedBy)) ||
    given.some((one) => mayBeOnePerson(one, by));
  const able = people(
    known.filter(
      (answerer) => !isBarred(answerer.by) && (meant === null || meant.some((approver) => isMeant(approver, answerer))),
    ),
  );
  const elsewhere = new Set((meant ?? []).filter((approver) => /^(?!role:|user:|apikey:)[^:]+:/.test(approver)));
  const wanted = count - given.length;
  if (able.length + elsewhere.size >= wanted) return null;
  const who =
    able.length === 0 ? 'none of the keys that exist may' : `only ${able.map(({ by }) => by.id).join(' and ')} may`;
  const whom = meant === null ? '' : ` of ${meant.join(', ')}`;
  const why = excludeSubmitter === true && submittedBy !== null ? ' (whoever submitted the run may not)' : '';
  return `${wanted} ${wanted === 1 ? 'person' : 'people'}${whom} ${wanted === 1 ? 'has' : 'have'} to approve, and ${who}${why}`;
}

/** Of several credentials of one person one. */
function people(able: readonly Answerer[]): readonly Answerer[] {
  const found: Answerer[] = [];
  for (const each of able) if (!found.some(({ by }) => mayBeOnePerson(by, each.by))) found.push(each);
  return found;
}

/** The same before a run is submitted, when it may be any of them who submits it. */
export function unmetForSomebody(policy: ApprovalPolicy, known: readonly Answerer[]): string | null {
  const unmet = unmetBy(policy, known);
  if (unmet !== null || policy.excludeSubmitter !== true) return unmet;
  for (const { by } of known) {
    const then = unmetBy(policy, known, { submittedBy: by, given: [] });
    if (then !== null) return `where ${by.id} submits the run, ${then}`;
  }
  return null;
}
