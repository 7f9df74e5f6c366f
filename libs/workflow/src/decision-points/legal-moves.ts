import type { ChoiceState, StateMachine } from '@baton/asl';
import { type RecoveryStrategy } from '@baton/contracts';
import type { WorkflowDocument } from '../document/workflow-document.js';
import { belowThreshold, type DecisionFacts } from './classify.js';
import type { Move } from './move.js';
import { actionTowards } from './programmatic.js';

/*
 * The closed list of what can be done at a decision point. Advice is given the moves that are allowed; the bounds below
 * hold whatever it says.
 */

/** A way out of the definition: the rule or catcher that leads there, and where. */
export interface Way {
  readonly index: number | null;
  readonly target: string;
}

/** The ways out of a Choice, each target once: by its first rule, or the default. */
export function waysOf(state: ChoiceState): readonly Way[] {
  const all: Way[] = state.Choices.map(({ Next }, index) => ({ index, target: Next ?? '' }));
  if (state.Default !== undefined) all.push({ index: null, target: state.Default });
  return all.filter((way, at) => all.findIndex(({ target }) => target === way.target) === at);
}

/** Going to a state, by a rule of a Choice or a catcher of a Task. */
export function moveTo(
  document: WorkflowDocument,
  machine: StateMachine,
  way: Way,
  phase: string | null,
  kind: 'go' | 'catch',
): Move {
  const { actionType, targetAgent, template, stepNumber } = actionTowards(document, machine, way.target, phase);
  const title = document.steps?.[way.target]?.title;
  return {
    id: kind === 'go' ? `go:${way.target}` : `catch:${(way.index ?? 0) + 1}`,
    actionType,
    target: way.target,
    targetAgent,
    template,
    stepNumber,
    index: way.index,
    recoveryStrategy: null,
    text: `${SAYS[actionType]} ${way.target}${title === undefined ? '' : ` (${title})`}`,
  };
}

const SAYS = {
  invoke_agent: 'go on with',
  transition_phase: 'go to the next phase with',
  retry_with_recovery: 'try again',
  request_human: 'ask a person in',
  complete: 'end the work as finished in',
  fail: 'end the run as failed in',
} as const;

const nowhere = { target: null, targetAgent: null, template: null, stepNumber: null, index: null };

export const humanMove: Move = {
  id: 'human',
  actionType: 'request_human',
  ...nowhere,
  recoveryStrategy: null,
  text: 'ask a person, with the whole story',
};

export const failMove: Move = {
  id: 'fail',
  actionType: 'fail',
  ...nowhere,
  recoveryStrategy: null,
  text: 'end the run as failed',
};

const RECOVERS: Readonly<Record<RecoveryStrategy, string>> = {
  same: 'try the same task again',
  extended_timeout: 'try again with twice the time',
  escalate_model: 'try again with a stronger model',
  alternate_template: 'try again with the other template',
  reduced_scope: 'try again with less to do',
};

/** Trying a failed task again, in another way. */
export const retryMove = (
  recoveryStrategy: RecoveryStrategy,
  task: {
    readonly state: string;
    readonly agent: string | null;
    readonly template: string | null;
    readonly stepNumber: number | null;
  },
): Move => ({
  id: `retry:${recoveryStrategy}`,
  actionType: 'retry_with_recovery',
  target: task.state,
  targetAgent: task.agent,
  template: task.template,
  stepNumber: task.stepNumber,
  index: null,
  recoveryStrategy,
  text: RECOVERS[recoveryStrategy],
});

/** A person does what the worker could not: offered to people alone, since only they can take it on. */
export const byHandMove = (state: string, stepNumber: number | null): Move => ({
  id: 'by-hand',
  actionType: 'request_human',
  target: state,
  targetAgent: null,
  template: null,
  stepNumber,
  index: null,
  recoveryStrategy: null,
  text: 'do it by hand: the work is handed in, and looked at as that of a worker is',
});

/** Why no advice gives a failed task up where the workflow says that a person does. */
export const PERSON_FIRST = 'a person decides before the task is given up';

/** What bounds a decision besides the facts of the point. */
export interface Bounds {
  /** The budget is used up: one sentence, or null. */
  readonly budget: string | null;
}

/**
 * Why a move may not be taken on anybody's advice, or null. The rule of the definition itself is not asked: what it
 * does, its author wrote.
 */
export function blockedBecause(move: Move, facts: DecisionFacts, bounds: Bounds): string | null {
  const { failingTools, unrunTools, isHumanNeeded } = facts;
  const finishes = move.actionType === 'complete' || move.actionType === 'transition_phase';
  const works = move.actionType === 'invoke_agent' || move.actionType === 'retry_with_recovery';
  if (isHumanNeeded && move.actionType !== 'request_human' && move.actionType !== 'fail')
    return 'an approval is missing';
  if (finishes && facts.needsApproval) return 'an approval is missing';
  if (move.actionType === 'invoke_agent' && onlyApprovalIsMissing(facts)) {
    return 'the same output came twice and is good enough, so it is for a person to approve';
  }
  if (finishes && failingTools !== null && failingTools.length > 0) {
    return `${failingTools.join(' and ')} failed, and a failing tool is never overruled`;
  }
  if (finishes && unrunTools.length > 0) return `${unrunTools.join(' and ')} did not run, so nothing is known to pass`;
  const noRound = move.actionType === 'invoke_agent' ? noMoreRounds(facts) : null;
  if (noRound !== null) return noRound;
  if ((works || move.actionType === 'transition_phase') && bounds.budget !== null) return bounds.budget;
  return null;
}

/** Why the same work is not done another time, or null. */
function noMoreRounds({ standstill, round, maxRounds }: DecisionFacts): string | null {
  if (standstill !== null) return standstill;
  const isLast = round !== null && maxRounds !== null && round >= maxRounds;
  return isLast ? `the last of ${maxRounds} rounds is reached` : null;
}

/** Nothing is left to do again: what reaches every threshold came out just as before, and waits for its approval. */
const onlyApprovalIsMissing = ({
  needsApproval,
  output,
  scores,
  thresholds,
  failingTools,
  unrunTools,
}: DecisionFacts): boolean =>
  needsApproval &&
  output?.isRepeated === true &&
  scores !== null &&
  thresholds !== null &&
  belowThreshold(scores, thresholds).length === 0 &&
  (failingTools ?? []).length === 0 &&
  unrunTools.length === 0;
