import { type AdviceFate, adviceOf, type Decision } from './deciders.js';

/*
 * Which decisions alone are listed: by who had the word, by what became of the advice, or those that went to a person. No two of
 * these have one name.
 */

export const FATES: Readonly<Record<AdviceFate, string>> = {
  agreed: 'agreed with the rule',
  overruled: 'another move than the rule, and had the word',
  'not-followed': 'no legal move, so not followed',
  disagreed: 'another move than was made, in shadow',
  silent: 'did not come, or said nothing of use',
};

/** Who had the word, in words. */
export const SOURCES: Readonly<Record<string, string>> = {
  programmatic: 'the rule',
  llm_override: 'advice, against the rule',
  programmatic_fallback: 'the rule, since there was no advice of use',
  human: 'a person',
};

export const ESCALATED = 'escalated';

const KNOWN = ['programmatic', 'llm_override', 'programmatic_fallback', 'human'] as const;
const isFate = (only: string): only is AdviceFate => Object.hasOwn(FATES, only);

/** As far as the gateway looks for them. */
export function filterOf(only: string): {
  readonly actionType?: 'request_human';
  readonly source?: (typeof KNOWN)[number];
} {
  if (only === ESCALATED) return { actionType: 'request_human' };
  const source = KNOWN.find((known) => known === only);
  return source === undefined ? {} : { source };
}

/** Whether one of those that the gateway found is meant. */
export const isOnly = (decision: Decision, only: string): boolean => !isFate(only) || adviceOf(decision) === only;

export function titleOf(only: string): string {
  if (only === ESCALATED) return 'A person was asked';
  return isFate(only)
    ? `Decisions of which the advice: ${FATES[only]}`
    : `Decided by ${SOURCES[only] ?? 'somebody else'}`;
}
