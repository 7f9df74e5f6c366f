import { isJsonObject, type Json } from '@baton/asl';
import { BatonErrorName } from '@baton/contracts';
import { exhaustedLevel, shownAmount } from '../budgets/admission.js';
import { failMove } from '../decision-points/legal-moves.js';
import type { Move } from '../decision-points/move.js';
import type { Question } from '../decision-points/question.js';
import { reconcile } from '../decision-points/reconcile.js';
import type { Pending, VisitState } from '../state/run-state.js';
import type { FailedVisit, Failure } from './data/evaluation.js';
import { failedVisit } from './data/evaluation.js';
import { askPerson, forPersonOf, whatFollows } from './decisions/decide-point.js';
import { proposeAfterFailure } from './decisions/propose.js';
import { type DecisionOutcome, recordDecision } from './decisions/record-decision.js';
import { actOnFailure } from './failure.js';
import { beginState } from './states/begin-state.js';
import { leaveAsDecided } from './states/choice.js';
import { definitionOf, emit, type Turn } from './turn/turn.js';

/** Makes a decision that waited for advice or for a person, records it, and does what it says. */
export async function resolveQuestion(
  turn: Turn,
  visit: VisitState,
  question: Question,
  pending: Pending,
): Promise<FailedVisit | null> {
  if (question.asks === 'person') return answered(turn, visit, question, pending);
  const outcome = advised(question, pending);
  recordDecision(turn, question, outcome);
  if (outcome.move.id !== 'human') return act(turn, visit, question, outcome.move, null);
  const { failure } = question;
  const state = definitionOf(turn, visit);
  const isFailed = failure !== null && state.Type === 'Task';
  const asked = isFailed ? forPersonOf(question, proposeAfterFailure(turn, visit, state, failure)) : question;
  askPerson(turn, visit, asked, whatFollows(question));
  return null;
}

function advised(question: Question, pending: Pending): DecisionOutcome {
  if (pending.type !== 'advice') {
    return reconcile(question, { problem: pending.type === 'no-advice' ? pending.problem : 'no advice came' });
  }
  const { output, costUsd } = pending;
  const concerns = isJsonObject(output) && Array.isArray(output.concerns) ? output.concerns : [];
  return {
    ...reconcile(question, { output }),
    concerns: concerns.filter((concern) => typeof concern === 'string').slice(0, 50),
    costUsd,
  };
}

async function answered(
  turn: Turn,
  visit: VisitState,
  question: Question,
  pending: Pending,
): Promise<FailedVisit | null> {
  const refusal = pending.type === 'failure' ? { ...pending, isRetryable: false } : null;
  const answer = pending.type === 'result' ? pending.output : null;
  const { rule, moves } = question;
  const wanted = textIn(answer, 'move');
  const move = refusal === null ? (moves.find(({ id }) => id === wanted) ?? rule) : failMove;
  const comment = refusal === null ? textIn(answer, 'comment') : refusal.cause;
  const differs = move.id !== rule.id;
  recordDecision(turn, question, {
    move,
    source: 'human',
    rationale: comment === '' ? `${textIn(answer, 'by') || 'a person'} decided` : comment,
    confidence: null,
    programmaticAlternative: differs ? rule.id : null,
    conflictReason: differs ? `the rule says ${rule.id}, the person ${move.id}` : null,
    adviceRejected: null,
  });
  if (question.point.kind === 'budget' && refusal === null && move.id === rule.id) extendBudgets(turn);
  return act(turn, visit, question, move, refusal);
}

const textIn = (value: Json, name: string): string => {
  const member = isJsonObject(value) ? value[name] : undefined;
  return typeof member === 'string' ? member : '';
};

/** As much again as the run had, of everything that is used up. */
function extendBudgets(turn: Turn): void {
  for (let level = exhaustedLevel(turn.run, turn.nowMs); level !== null; level = exhaustedLevel(turn.run, turn.nowMs)) {
    const { kind, used, limit } = level;
    const own = limit - turn.run.extended[kind === 'usd' ? 'microUsd' : kind];
    // As much as nothing would leave it used up for ever.
    const more = own > 0 ? own : LEAST[kind];
    emit(turn, { type: 'BudgetExtended', data: { kind, by: shownAmount(kind, Math.max(more, used - limit + more)) } });
  }
}

/** What is given where the run had nothing: micro-dollars, tokens, seconds. */
const LEAST = { usd: 1_000_000, tokens: 10_000, wallClock: 60 } as const;

/** @param refusal what a person said no with; null where nobody did */
async function act(
  turn: Turn,
  visit: VisitState,
  question: Question,
  move: Move,
  refusal: Failure | null,
): Promise<FailedVisit | null> {
  const state = definitionOf(turn, visit);
  const { failure, point } = question;
  if (failure !== null && state.Type === 'Task') return actOnFailure(turn, visit, state, failure, move);
  if (move.id === 'fail') return failedVisit(visit, refusal ?? abandoned(point));
  if (point.kind === 'choice' && state.Type === 'Choice') return leaveAsDecided(turn, visit, state, move.index);
  return beginState(turn, visit.visit, state);
}

const abandoned = ({ kind, state }: Question['point']): Failure => ({
  error: kind === 'budget' ? BatonErrorName.budgetExhausted : BatonErrorName.abandoned,
  cause: `It was decided at ${state} that the run does not go on.`,
  isRetryable: false,
});
