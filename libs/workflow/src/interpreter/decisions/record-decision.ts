import { classify, type DecisionFacts } from '../../decision-points/classify.js';
import type { DecisionRecord } from '../../decision-points/decision-record.js';
import type { Move } from '../../decision-points/move.js';
import type { Question } from '../../decision-points/question.js';
import type { Reconciled } from '../../decision-points/reconcile.js';
import { emit, type Turn } from '../turn/turn.js';

/** What the rule does at a decision point, and what could be done instead. */
export interface Proposal {
  readonly point: DecisionRecord['point'];
  readonly facts: DecisionFacts;
  /** The phase whose round was judged, not the one that may follow. */
  readonly phase: string | null;
  readonly rule: Move;
  readonly rationale: string;
  readonly moves: readonly Move[];
  readonly blocked: readonly { readonly move: Move; readonly reason: string }[];
  readonly failure: Question['failure'];
  /** What a person is asked about, where the rule itself asks one, or where only a person may give a task up. */
  readonly forPerson?: { readonly rule: Move; readonly moves: readonly Move[] };
}

/** The proposal as a question, with a number of its own. */
export function questionOf(turn: Turn, proposal: Proposal, asks: Question['asks']): Question {
  const { point, facts, phase, rule, rationale, moves, blocked, failure } = proposal;
  const { classification, reasons } = classify(facts, turn.run.document.decisions?.limits);
  return {
    asks,
    decisionId: `${turn.runId}-d${turn.run.nextDecision}`,
    point,
    classification,
    reasons: [...reasons],
    phase,
    round: facts.round,
    scores: facts.scores === null ? null : { ...facts.scores },
    facts: {
      errorCount: facts.errorCount,
      thresholds: facts.thresholds === null ? null : { ...facts.thresholds },
      maxRounds: facts.maxRounds,
      failingTools: facts.failingTools === null ? null : [...facts.failingTools],
      ...(facts.unrunTools.length === 0 ? {} : { unrunTools: [...facts.unrunTools] }),
      ...(facts.unscored === null ? {} : { unscored: facts.unscored }),
      ...(facts.standstill === null ? {} : { standstill: facts.standstill }),
      ...(facts.judges.length === 0 ? {} : { judges: [...facts.judges] }),
      ...(facts.output === null ? {} : { outputSha256: facts.output.sha256 }),
    },
    rule,
    rationale,
    moves: [...moves],
    blocked: [...blocked],
    failure,
  };
}

/** How a decision came out, whoever had the word. */
export type DecisionOutcome = Omit<Reconciled, 'source'> & {
  readonly source: DecisionRecord['source'];
  readonly concerns?: readonly string[];
  readonly costUsd?: number | null;
};

/** The rule has the word: nobody was asked, or nobody had to be. */
export const byRule = ({ rule, rationale }: Pick<Question, 'rule' | 'rationale'>): DecisionOutcome => ({
  move: rule,
  source: 'programmatic',
  rationale,
  confidence: null,
  programmaticAlternative: null,
  conflictReason: null,
  adviceRejected: null,
});

/** Puts a decision into the log. */
export function recordDecision(turn: Turn, question: Question, outcome: DecisionOutcome): void {
  const { decisionId, point, classification, reasons, phase, round, scores, facts } = question;
  const { move, source, rationale, confidence, programmaticAlternative, conflictReason, adviceRejected } = outcome;
  const { actionType, targetAgent, template, stepNumber, target, recoveryStrategy } = move;
  const decision: DecisionRecord = {
    ...{ decisionId, point, classification, reasons, source, actionType, targetAgent, template, stepNumber, target },
    ...{ phase, round, scores, rationale, confidence, recoveryStrategy },
    ...{ programmaticAlternative, conflictReason, adviceRejected },
    ...(outcome.concerns === undefined || outcome.concerns.length === 0 ? {} : { concerns: [...outcome.concerns] }),
    facts,
    // A decision reads no clock; whoever calls it can measure it.
    latencyMs: 0,
    costUsd: outcome.costUsd === undefined ? 0 : outcome.costUsd,
  };
  emit(turn, { type: 'DecisionMade', data: { decision } });
}
