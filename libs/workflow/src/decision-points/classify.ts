import type { Json } from '@baton/asl';
import type { ClassifierLimits } from '../document/workflow-document.js';
import { analyseConvergence, type Scores, scoreOf, USUAL_LIMITS } from './convergence.js';
import type { Classification, Judgement } from './decision-record.js';

/** The recorded facts that a decision point is classified by. */
export interface DecisionFacts {
  /** Tasks that failed or timed out so far in the run. */
  readonly errorCount: number;
  readonly isHumanNeeded: boolean;
  /** What people are asked for, or will be: one sentence each. It makes a point complex, and blocks nothing. */
  readonly humanReasons: readonly string[];
  /** A person has to approve before the next phase, or the end. */
  readonly needsApproval: boolean;
  /** What is wrong with the scores as they were read: missing, out of range. One sentence each. */
  readonly scoreProblems: readonly string[];
  /** The round's scores; null where the point has none, or where they could not be read. */
  readonly scores: Scores | null;
  /** The scores of earlier rounds of the phase, oldest first. */
  readonly earlierScores: readonly Scores[];
  /** Dimension → the score from which it is good enough. */
  readonly thresholds: Scores | null;
  readonly round: number | null;
  readonly maxRounds: number | null;
  /** Names of deterministic tools that failed; null where the point knows no tools. */
  readonly failingTools: readonly string[] | null;
  /** Names of deterministic tools that should have run and did not: what was not run did not pass. */
  readonly unrunTools: readonly string[];
  /** Why the round was not scored, where it was not on purpose. */
  readonly unscored: string | null;
  /** Why another round of the same would not help; null where it may. */
  readonly standstill: string | null;
  /** What the round made, by its SHA-256 (hex), and whether the round before made just that; null where nobody says. */
  readonly output: { readonly sha256: string; readonly isRepeated: boolean } | null;
  /** What each model said, where the point knows several. */
  readonly judges: readonly Judgement[];
  /** Verdict against scores, and validators against one another: one sentence each. */
  readonly anomalies: readonly string[];
  /** What is still open of what was found by reading, and by tools; null where nobody says. For readers, not for rules. */
  readonly findings: Json;
  readonly toolFindings: Json;
}

export const noFacts: DecisionFacts = {
  errorCount: 0,
  isHumanNeeded: false,
  humanReasons: [],
  needsApproval: false,
  scoreProblems: [],
  scores: null,
  earlierScores: [],
  thresholds: null,
  round: null,
  maxRounds: null,
  failingTools: null,
  unrunTools: [],
  unscored: null,
  standstill: null,
  output: null,
  judges: [],
  anomalies: [],
  findings: null,
  toolFindings: null,
};

/**
 * How hard a decision is.
 * *complex*: more errors than the limit, a human is needed, the validation is at odds with itself, or the rounds do not
 * converge. *standard*: no error and nothing unusual. Everything between is *hybrid*.
 */
export function classify(
  facts: DecisionFacts,
  limits: ClassifierLimits = USUAL_LIMITS,
): { classification: Classification; reasons: readonly string[] } {
  const rounds = facts.scores === null ? [] : [...facts.earlierScores, facts.scores];
  const convergence = analyseConvergence(rounds, facts.round, facts.maxRounds, limits);
  const complex = [
    ...(facts.errorCount > limits.errors ? [errorsSoFar(facts.errorCount)] : []),
    ...(facts.isHumanNeeded ? ['a human is needed'] : []),
    ...facts.humanReasons,
    ...facts.scoreProblems,
    ...facts.anomalies,
    ...disagreement(facts),
    ...facts.unrunTools.map((tool) => `${tool} did not run`),
    ...(facts.standstill === null ? [] : [facts.standstill]),
    ...convergence.issues,
  ];
  const hybrid = [
    ...(facts.errorCount > 0 && facts.errorCount <= limits.errors ? [errorsSoFar(facts.errorCount)] : []),
    ...convergence.unusual,
    ...(facts.output?.isRepeated === true ? ['the same output came twice'] : []),
  ];
  const reasons = [...complex, ...hybrid];
  if (complex.length > 0) return { classification: 'complex', reasons };
  if (hybrid.length > 0) return { classification: 'hybrid', reasons };
  return { classification: 'standard', reasons: ['no error and nothing unusual so far'] };
}

const errorsSoFar = (count: number): string =>
  `${count === 1 ? 'one error' : count === 2 ? 'two errors' : `${count} errors`} so far`;

/** A model that passes what a tool fails: the two levels of a validation do not agree. */
function disagreement({ scores, thresholds, failingTools }: DecisionFacts): readonly string[] {
  if (scores === null || thresholds === null || failingTools === null || failingTools.length === 0) return [];
  return belowThreshold(scores, thresholds).length > 0
    ? []
    : [`every score reaches its threshold while ${failingTools.join(' and ')} failed`];
}

/** The dimensions whose score is below its threshold. */
export const belowThreshold = (scores: Scores, thresholds: Scores): readonly string[] =>
  Object.keys(thresholds).filter((dimension) => (scoreOf(scores, dimension) ?? 0) < (thresholds[dimension] ?? 0));
