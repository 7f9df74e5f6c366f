import { type ChoiceState, matchesError, type TaskState } from '@baton/asl';
import { exhaustedLevel } from '../../budgets/admission.js';
import { type DecisionFacts, noFacts } from '../../decision-points/classify.js';
import {
  blockedBecause,
  byHandMove,
  failMove,
  humanMove,
  moveTo,
  PERSON_FIRST,
  retryMove,
  type Way,
  waysOf,
} from '../../decision-points/legal-moves.js';
import type { Move } from '../../decision-points/move.js';
import { actionTowards, explainChoice } from '../../decision-points/programmatic.js';
import { allowedRecoveries, everyRecovery, programmaticRecovery } from '../../decision-points/recovery.js';
import { canBeByHand } from '../../document/can-be-by-hand.js';
import { phaseOf } from '../../document/phase-of.js';
import { parseResource, workerKindOf } from '../../document/resource.js';
import type { DecisionPoint } from '../../document/workflow-document.js';
import type { VisitState } from '../../state/run-state.js';
import type { Failure } from '../data/evaluation.js';
import { frameOf, machineOf, type Turn } from '../turn/turn.js';
import { findRecovery, type Meeting } from './find-recovery.js';
import type { Proposal } from './record-decision.js';

/** The rule's move, and every other one, sorted into those that may be taken and those that may not. */
function withMoves(
  turn: Turn,
  facts: DecisionFacts,
  rule: Move,
  others: readonly Move[],
): Pick<Proposal, 'rule' | 'moves' | 'blocked'> {
  const level = exhaustedLevel(turn.run, turn.nowMs);
  const bounds = { budget: level === null ? null : 'the budget is used up' };
  const all = [rule, ...others].filter((move, at, list) => list.findIndex(({ id }) => id === move.id) === at);
  const judged = all.map((move) => ({ move, reason: move === rule ? null : blockedBecause(move, facts, bounds) }));
  return {
    rule,
    moves: judged.filter(({ reason }) => reason === null).map(({ move }) => move),
    blocked: judged.flatMap(({ move, reason }) => (reason === null ? [] : [{ move, reason }])),
  };
}

/** At a Choice: the way that its conditions say, and the others. */
export function proposeChoice(
  turn: Turn,
  visit: VisitState,
  state: ChoiceState,
  point: DecisionPoint,
  way: Way,
  facts: DecisionFacts,
): Proposal {
  const { document } = turn.run;
  const machine = machineOf(turn, frameOf(turn, visit.frame));
  const phase = phaseOf(document, visit.state) ?? point.phase;
  const to = (each: Way): Move => moveTo(document, machine, each, phase, 'go');
  const rule = way.index === null ? `no rule of ${visit.state} holds` : `rule ${way.index + 1} of ${visit.state} holds`;
  return {
    point: { kind: 'choice', state: visit.state },
    facts,
    phase: point.phase,
    rationale: explainChoice(facts, rule, way.target),
    failure: null,
    ...withMoves(turn, facts, to(way), [...waysOf(state).map(to), humanMove, failMove]),
  };
}

/** After a task failed for good: what the rule does, other catchers of the error, and other ways to try again. */
export function proposeAfterFailure(turn: Turn, visit: VisitState, state: TaskState, failure: Failure): Proposal {
  const { document, errorCount } = turn.run;
  const facts = { ...noFacts, errorCount };
  const phase = phaseOf(document, visit.state) ?? turn.run.phase;
  const machine = machineOf(turn, frameOf(turn, visit.frame));
  const step = document.steps?.[visit.state];
  const agent = failure.isOwn === true ? null : workerKindOf(state.Resource);
  const task = { state: visit.state, agent, template: step?.template ?? null, stepNumber: step?.number ?? null };
  const policy = document.decisions?.recovery;
  const hasOther = step?.alternateTemplate !== undefined;
  const recovery = agent === null ? null : programmaticRecovery(failure.error, policy, visit.recoveries, hasOther);
  const meeting = findRecovery(turn, visit, failure);
  const met = moveOf(turn, visit, meeting, phase);
  const catchers = (state.Catch ?? []).flatMap((catcher, index): readonly Move[] =>
    matchesError(catcher.ErrorEquals, failure.error)
      ? [moveTo(document, machine, { index, target: catcher.Next }, phase, 'catch')]
      : [],
  );
  const strategies = agent === null ? [] : allowedRecoveries(policy, visit.recoveries, hasOther);
  const retries = strategies.map((strategy) => retryMove(strategy, task));
  const { error, cause, isRetryable } = failure;
  const proposal = {
    point: { kind: 'task-failed' as const, state: visit.state },
    phase,
    failure: { error, cause, isRetryable },
  };
  if (policy?.then !== 'human' || isAnsweredByPerson(state, failure)) {
    const rule = recovery === null ? met : retryMove(recovery, task);
    const rationale = explainFailure(visit, error, meeting, recovery);
    return {
      ...proposal,
      facts,
      rationale,
      ...withMoves(turn, facts, rule, [...catchers, ...retries, humanMove, failMove]),
    };
  }
  const again = agent === null ? [] : everyRecovery(hasOther).map((strategy) => retryMove(strategy, task));
  const givingUp = [met, ...catchers, failMove].filter(isFirstOfItsId);
  const byHand = agent !== null && canBeByHand(agent) ? [byHandMove(task.state, task.stepNumber)] : [];
  const forPerson = {
    rule: again.find(({ recoveryStrategy }) => recoveryStrategy === 'same') ?? met,
    moves: [...again, ...byHand, ...givingUp],
  };
  if (recovery === null) {
    const rationale = `${failedAfter(visit, error)}, and a person decides what follows`;
    return {
      ...proposal,
      facts: { ...facts, isHumanNeeded: true },
      rationale,
      rule: humanMove,
      moves: [humanMove],
      blocked: [],
      forPerson,
    };
  }
  const { rule, moves, blocked } = withMoves(turn, facts, retryMove(recovery, task), [...retries, humanMove]);
  const closed = givingUp.map((move) => ({ move, reason: PERSON_FIRST }));
  const rationale = explainFailure(visit, error, meeting, recovery);
  return { ...proposal, facts, rationale, rule, moves, blocked: [...blocked, ...closed], forPerson };
}

const isFirstOfItsId = (move: Move, at: number, all: readonly Move[]): boolean =>
  all.findIndex(({ id }) => id === move.id) === at;

/** Who said no, or let the time for an answer pass, is not asked what to do about it. */
const isAnsweredByPerson = ({ Resource }: TaskState, { isOwn }: Failure): boolean =>
  parseResource(Resource)?.type === 'approval' && isOwn !== true;

function explainFailure(visit: VisitState, error: string, meeting: Meeting, recovery: string | null): string {
  const what = failedAfter(visit, error);
  if (recovery !== null) return `${what}: it is tried again (${recovery})`;
  return meeting.type === 'run-fails'
    ? `${what}, and nothing catches it: the run fails`
    : `${what}: ${meeting.target} follows`;
}

function failedAfter(visit: VisitState, error: string): string {
  const tries = visit.attempts === 1 ? 'one attempt' : `${visit.attempts} attempts`;
  return `the task of ${visit.state} failed with ${error} after ${tries}`;
}

/** What the definition does about a failure, as a move. */
function moveOf(turn: Turn, visit: VisitState, meeting: Meeting, phase: string | null): Move {
  const { document } = turn.run;
  switch (meeting.type) {
    case 'caught':
      return moveTo(document, machineOf(turn, frameOf(turn, visit.frame)), meeting, phase, 'catch');
    case 'raised': {
      const { target, isRetry } = meeting;
      const machine = machineOf(turn, frameOf(turn, meeting.frame));
      const isAgain = isRetry || target === visit.state;
      const action = actionTowards(document, machine, target, phase);
      return {
        id: 'raise',
        actionType: isAgain ? 'retry_with_recovery' : action.actionType,
        ...{ targetAgent: action.targetAgent, template: action.template, stepNumber: action.stepNumber, target },
        index: null,
        recoveryStrategy: isAgain ? 'same' : null,
        text: `leave it to the states around: ${target} follows`,
      };
    }
    case 'run-fails':
      return failMove;
    default:
      return meeting satisfies never;
  }
}

/** Going from one phase to another by a way that is no decision point. */
export function proposePhaseChange(turn: Turn, visit: VisitState, before: string, phase: string): Proposal {
  const { document, errorCount } = turn.run;
  const facts = { ...noFacts, errorCount };
  const machine = machineOf(turn, frameOf(turn, visit.frame));
  const rule = moveTo(document, machine, { index: null, target: visit.state }, before, 'go');
  return {
    point: { kind: 'phase-change', state: visit.state },
    facts,
    phase,
    rationale: `the phase ${before} is done: ${visit.state} begins the phase ${phase}`,
    failure: null,
    ...withMoves(turn, facts, rule, [humanMove, failMove]),
  };
}

/** When nothing is left of a budget: a person gives more, or the state fails. */
export function proposeMoreBudget(turn: Turn, visit: VisitState, because: string): Proposal {
  const { document, phase, errorCount } = turn.run;
  const machine = machineOf(turn, frameOf(turn, visit.frame));
  const going = moveTo(document, machine, { index: null, target: visit.state }, phase, 'go');
  const rule = { ...going, text: `give as much again and go on with ${visit.state}` };
  return {
    point: { kind: 'budget', state: visit.state },
    facts: { ...noFacts, errorCount, isHumanNeeded: true },
    phase,
    rule,
    rationale: because,
    moves: [rule, failMove],
    blocked: [],
    failure: null,
  };
}
