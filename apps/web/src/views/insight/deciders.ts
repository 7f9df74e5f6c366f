import type { Schemas } from '../../api/api.js';

export type Decision = Schemas['DecisionView'];

/** What became of advice, where an advisor was asked. */
export type AdviceFate = 'agreed' | 'overruled' | 'not-followed' | 'disagreed' | 'silent';

/** The ids of the moves that amount to what was decided. */
const movesOf = ({ target, actionType, recoveryStrategy }: Decision): readonly (string | null)[] => [
  target === null ? null : `go:${target}`,
  recoveryStrategy === null ? null : `retry:${recoveryStrategy}`,
  actionType === 'request_human' ? 'human' : null,
  actionType === 'fail' ? 'fail' : null,
];

/** As the record says it of advice that failed, or came too late. */
const NONE_CAME = /^no advice/;

/** Null where nobody was asked. What is said in shadow is followed by nobody: it agrees with what was done, or does not. */
export function adviceOf(decision: Decision): AdviceFate | null {
  const { source, shadow, confidence, adviceRejected } = decision;
  if (shadow !== null) {
    if (shadow.move === null) return 'silent';
    return movesOf(decision).includes(shadow.move) ? 'agreed' : 'disagreed';
  }
  if (source === 'llm_override') return 'overruled';
  if (adviceRejected !== null) return NONE_CAME.test(adviceRejected) ? 'silent' : 'not-followed';
  if (source === 'programmatic_fallback') return 'silent';
  return confidence === null ? null : 'agreed';
}

/** How often each came, most often first. */
function counted<K>(
  decisions: readonly Decision[],
  keyOf: (decision: Decision) => K,
): readonly (readonly [K, number])[] {
  const each = [...Map.groupBy(decisions, keyOf)].map(([key, found]) => [key, found.length] as const);
  return each.toSorted((a, b) => b[1] - a[1]);
}

/** Advice that was of another mind than the rule. */
const DIFFERS: ReadonlySet<AdviceFate | null> = new Set<AdviceFate | null>(['overruled', 'not-followed', 'disagreed']);

/** Who decided, how often a person was asked, and how often rule and advice were not of one mind. */
export function decidersOf(decisions: readonly Decision[]) {
  const advised = decisions.filter((decision) => adviceOf(decision) !== null);
  return {
    total: decisions.length,
    bySource: counted(decisions, ({ source }) => source),
    byAdvice: counted(advised, adviceOf),
    advised: advised.length,
    escalations: decisions.filter(({ actionType }) => actionType === 'request_human'),
    /** Also a person who chose otherwise than the rule would have. */
    differing: decisions.filter((each) => DIFFERS.has(adviceOf(each)) || each.conflictReason !== null),
  };
}
