import type { ChoiceState, State, StateMachine } from '@baton/asl';
import { phaseOf } from '../document/phase-of.js';
import { parseResource, workerKindOf } from '../document/resource.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import { belowThreshold, type DecisionFacts } from './classify.js';
import { scoreOf, show } from './convergence.js';
import type { ActionType } from './decision-record.js';

/** What the rule of the definition does next, in the words of a decision record. */
export interface ProgrammaticAction {
  readonly actionType: ActionType;
  readonly targetAgent: string | null;
  readonly template: string | null;
  readonly stepNumber: number | null;
  readonly phase: string | null;
}

/**
 * Names what going to a state means: which agent gets work, by which template, in which phase.
 * Passes and waits are followed to the state that does something; a Parallel stands for the first task of its first
 * branch.
 */
export function actionTowards(
  document: WorkflowDocument,
  machine: StateMachine,
  target: string,
  currentPhase: string | null,
): ProgrammaticAction {
  const phase = phaseOf(document, target) ?? currentPhase;
  const found = findWork(machine, target);
  if (found.kind === 'end') return { actionType: found.fails ? 'fail' : 'complete', ...noWork, phase };
  const step = found.kind === 'task' ? document.steps?.[found.name] : undefined;
  if (found.kind === 'task' && parseResource(found.resource)?.type === 'approval') {
    return { actionType: 'request_human', targetAgent: null, template: null, stepNumber: step?.number ?? null, phase };
  }
  return {
    actionType: phase !== null && currentPhase !== null && phase !== currentPhase ? 'transition_phase' : 'invoke_agent',
    targetAgent: found.kind === 'task' ? workerKindOf(found.resource) : null,
    template: step?.template ?? null,
    stepNumber: step?.number ?? null,
    phase,
  };
}

const noWork = { targetAgent: null, template: null, stepNumber: null };

type Work =
  | { readonly kind: 'task'; readonly name: string; readonly resource: string }
  | { readonly kind: 'end'; readonly fails: boolean }
  /** A Choice: what follows is not known yet. */
  | { readonly kind: 'open' };

function findWork(machine: StateMachine, start: string): Work {
  let name: string | undefined = start;
  // No more hops than states: a ring of passes ends too.
  for (let hops = Object.keys(machine.States).length; hops >= 0; hops -= 1) {
    if (name === undefined) return { kind: 'end', fails: false };
    const state: State | undefined = machine.States[name];
    if (state?.Type !== 'Pass' && state?.Type !== 'Wait') return workOf(machine, name, state);
    name = state.Next;
  }
  return { kind: 'open' };
}

function workOf(machine: StateMachine, name: string, state: State | undefined): Work {
  switch (state?.Type) {
    case 'Task':
      // What is landed is finished: nobody works on it any more.
      if (parseResource(state.Resource)?.type === 'lineage') return { kind: 'end', fails: false };
      return { kind: 'task', name, resource: state.Resource };
    case 'Succeed':
    case 'Fail':
      return { kind: 'end', fails: state.Type === 'Fail' };
    case 'Parallel': {
      const first = state.Branches[0];
      return first === undefined ? { kind: 'open' } : findWork(first, first.StartAt);
    }
    case 'Choice':
      return endOfAll(machine, state);
    default:
      return { kind: 'open' };
  }
}

/** A Choice that ends the work whichever way it takes ends it; of any other it is not known yet what follows. */
function endOfAll(machine: StateMachine, { Choices, Default }: ChoiceState): Work {
  const targets = [...Choices.map(({ Next }) => Next), ...(Default === undefined ? [] : [Default])];
  const isEnd = targets.every((target) => {
    const state = machine.States[target ?? ''];
    if (state === undefined || state.Type === 'Choice') return false;
    const work = workOf(machine, target ?? '', state);
    return work.kind === 'end' && !work.fails;
  });
  return isEnd ? { kind: 'end', fails: false } : { kind: 'open' };
}

/** One sentence with the numbers behind a choice: "alignment 8.6 is below 9; round 1 of 5: RevisePlan follows". */
export function explainChoice(facts: DecisionFacts, rule: string, target: string): string {
  const { unscored, standstill } = facts;
  const remarks = [unscored, standstill].filter((remark) => remark !== null);
  const parts = [...explainScores(facts), ...explainTools(facts), ...remarks, ...explainRound(facts)];
  return `${parts.length === 0 ? rule : parts.join('; ')}: ${target} follows`;
}

function explainScores({ scores, thresholds }: DecisionFacts): readonly string[] {
  if (scores === null) return [];
  if (thresholds === null) {
    return [
      Object.entries(scores)
        .map(([dimension, score]) => `${dimension} ${show(score)}`)
        .join(', '),
    ];
  }
  const low = belowThreshold(scores, thresholds);
  if (low.length > 0) {
    return low.map((dimension) => {
      const score = scoreOf(scores, dimension);
      const threshold = show(thresholds[dimension] ?? 0);
      return score === undefined ? `${dimension} is missing` : `${dimension} ${show(score)} is below ${threshold}`;
    });
  }
  const reached = Object.entries(thresholds).map(
    ([dimension, threshold]) => `${dimension} ${show(scores[dimension] ?? 0)} of ${show(threshold)}`,
  );
  return [`every score reaches its threshold (${reached.join(', ')})`];
}

function explainTools({ failingTools, unrunTools }: DecisionFacts): readonly string[] {
  const unrun = unrunTools.length === 0 ? [] : [`${unrunTools.join(' and ')} did not run`];
  if (failingTools === null) return unrun;
  if (failingTools.length > 0) return [`${failingTools.join(' and ')} failed`, ...unrun];
  return unrun.length > 0 ? unrun : ['every tool passed'];
}

function explainRound({ round, maxRounds }: DecisionFacts): readonly string[] {
  if (round === null) return [];
  return [maxRounds === null ? `round ${round}` : `round ${round} of ${maxRounds}`];
}
