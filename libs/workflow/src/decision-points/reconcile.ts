import { Advice, type DecisionMode, type Json } from '@baton/contracts';
import type { Classification, DecisionSource } from './decision-record.js';
import type { Move } from './move.js';

/** Whether a model is asked for advice. `shadow` asks everywhere and follows the rule. */
export function isAdviceWanted(mode: Exclude<DecisionMode, 'auto'>, classification: Classification): boolean {
  switch (mode) {
    case 'programmatic':
      return false;
    case 'hybrid':
      return classification !== 'standard';
    case 'llm':
    case 'shadow':
      return true;
    default:
      return mode satisfies never;
  }
}

/** What came back from the advisor: its output, whatever that is, or why there is none. */
export type Counsel = { readonly output: Json } | { readonly problem: string };

export interface Reconciled {
  readonly move: Move;
  readonly source: Extract<DecisionSource, 'programmatic' | 'llm_override' | 'programmatic_fallback'>;
  readonly rationale: string;
  readonly confidence: number | null;
  /** What the rule would have done, where the advice has the word. */
  readonly programmaticAlternative: string | null;
  readonly conflictReason: string | null;
  /** Why the advice was not followed. */
  readonly adviceRejected: string | null;
}

/** The rule's own move, and what may be done instead. */
export interface Choices {
  readonly rule: Move;
  readonly rationale: string;
  readonly moves: readonly Move[];
  /** Moves that exist and may not be taken, with the reason. */
  readonly blocked: readonly { readonly move: Move; readonly reason: string }[];
}

/**
 * The rule and the advice, made one. Agreement is the rule's decision. Where they differ the advice has the word, as
 * long as it names a move of the list; else the rule stands, and the record says why.
 */
export function reconcile({ rule, rationale, moves, blocked }: Choices, counsel: Counsel): Reconciled {
  const standing = { move: rule, rationale, confidence: null, programmaticAlternative: null, conflictReason: null };
  const fallback = (adviceRejected: string): Reconciled => ({
    ...standing,
    source: 'programmatic_fallback',
    adviceRejected,
  });
  if ('problem' in counsel) return fallback(counsel.problem);
  const read = Advice.safeParse(counsel.output);
  if (!read.success) return fallback('the advice does not have the shape of advice');
  const { data: advice } = read;
  if (advice.move === rule.id) {
    return { ...standing, source: 'programmatic', confidence: advice.confidence, adviceRejected: null };
  }
  const refused = blocked.find(({ move }) => move.id === advice.move);
  if (refused !== undefined) return fallback(`${advice.move} may not be taken: ${refused.reason}`);
  const move = moves.find(({ id }) => id === advice.move);
  if (move === undefined) return fallback(`"${cut(advice.move)}" is not on the list of legal moves`);
  return {
    move,
    source: 'llm_override',
    rationale: advice.rationale,
    confidence: advice.confidence,
    programmaticAlternative: rule.id,
    conflictReason: `the rule says ${rule.id} (${rationale}), the advice ${move.id}`,
    adviceRejected: null,
  };
}

const cut = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)} …` : text);
