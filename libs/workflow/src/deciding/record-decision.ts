import { findCatcher, findRetrier } from '@baton/asl';
import { classify, type DecisionFacts, noFacts } from '../decisions/classify.js';
import type { DecisionRecord } from '../decisions/decision-record.js';
import { actionTowards, explainChoice, type ProgrammaticAction } from '../decisions/programmatic.js';
import { type FrameState, phaseOf, type VisitState } from '../state.js';
import { readFacts } from './decision-facts.js';
import type { Failure } from './evaluation.js';
import { definitionOf, emit, frameOf, machineOf, type Turn, visitOf } from './turn.js';

/** Records the choice, if the Choice is a decision point. Says whether it is one. */
export async function recordChoice(
  turn: Turn,
  visit: VisitState,
  target: string,
  rule: number | null,
): Promise<boolean> {
  const { document } = turn.run;
  const point = document.decisions?.at.find(({ state }) => state === visit.state);
  if (point === undefined) return false;
  const facts = await readFacts(turn, visit, point);
  const machine = machineOf(turn, frameOf(turn, visit.frame));
  const ruleText = rule === null ? `no rule of ${visit.state} holds` : `rule ${rule + 1} of ${visit.state} holds`;
  record(turn, {
    point: { kind: 'choice', state: visit.state },
    facts,
    action: actionTowards(document, machine, target, phaseOf(document, visit.state) ?? point.phase),
    target,
    // The phase whose round was judged, not the one that may follow.
    phase: point.phase,
    rationale: explainChoice(facts, ruleText, target),
  });
  return true;
}

/** Records that the run goes from one phase to another by a way that is no decision point. */
export function recordPhaseChange(turn: Turn, frame: FrameState, target: string, phase: string): void {
  const { document, phase: before, errorCount } = turn.run;
  record(turn, {
    point: { kind: 'phase-change', state: target },
    facts: { ...noFacts, errorCount },
    action: actionTowards(document, machineOf(turn, frame), target, before),
    target,
    phase,
    rationale: `the phase ${before} is done: ${target} begins the phase ${phase}`,
  });
}

/** Records what follows from a task that failed for good, in its own frame or in the states around it. */
export function recordFailedTask(turn: Turn, visit: VisitState, failure: Failure): void {
  const { document, errorCount } = turn.run;
  const phase = phaseOf(document, visit.state) ?? turn.run.phase;
  const { frame, target, isRetry } = findRecovery(turn, visit, failure);
  const action = target === null ? null : actionTowards(document, machineOf(turn, frame), target, phase);
  const tries = visit.attempts === 1 ? 'one attempt' : `${visit.attempts} attempts`;
  const what = `the task of ${visit.state} failed with ${failure.error} after ${tries}`;
  const rationale = target === null ? `${what}, and nothing catches it: the run fails` : `${what}: ${target} follows`;
  record(turn, {
    point: { kind: 'task-failed', state: visit.state },
    facts: { ...noFacts, errorCount },
    action: action ?? { actionType: 'fail', targetAgent: null, template: null, stepNumber: null, phase },
    target,
    phase,
    rationale,
    ...(isRetry || target === visit.state ? { isRetry: true } : {}),
  });
}

/** Where a failure will be met: by a catcher of the state, or by a retrier or catcher of a Parallel around it. */
function findRecovery(
  turn: Turn,
  start: VisitState,
  failure: Failure,
): { readonly frame: FrameState; readonly target: string | null; readonly isRetry: boolean } {
  for (let visit = start; ; ) {
    const frame = frameOf(turn, visit.frame);
    const state = definitionOf(turn, visit);
    const isAround = visit.visit !== start.visit;
    if (isAround && 'Retry' in state && failure.isRetryable) {
      if (findRetrier(state.Retry, failure.error, visit.retries) !== null) {
        return { frame, target: visit.state, isRetry: true };
      }
    }
    const caught = findCatcher('Catch' in state ? state.Catch : undefined, failure.error);
    if (caught !== null) return { frame, target: caught.catcher.Next, isRetry: false };
    if (frame.parent === null) return { frame, target: null, isRetry: false };
    visit = visitOf(turn, frame.parent.visit);
  }
}

interface Decided {
  readonly point: DecisionRecord['point'];
  readonly facts: DecisionFacts;
  readonly action: ProgrammaticAction;
  readonly target: string | null;
  readonly phase: string | null;
  readonly rationale: string;
  readonly isRetry?: boolean;
}

/** Puts a decision into the log. Nobody is asked for advice here, so the rule has the word and it costs nothing. */
function record(turn: Turn, { point, facts, action, target, phase, rationale, isRetry }: Decided): void {
  const { classification, reasons } = classify(facts);
  const decision: DecisionRecord = {
    decisionId: `${turn.runId}-d${turn.run.nextDecision}`,
    point,
    classification,
    reasons: [...reasons],
    source: 'programmatic',
    actionType: isRetry === true ? 'retry_with_recovery' : action.actionType,
    targetAgent: action.targetAgent,
    template: action.template,
    stepNumber: action.stepNumber,
    target,
    phase,
    round: facts.round,
    scores: facts.scores === null ? null : { ...facts.scores },
    rationale,
    confidence: null,
    recoveryStrategy: isRetry === true ? 'same' : null,
    programmaticAlternative: null,
    conflictReason: null,
    adviceRejected: null,
    // A decision reads no clock; whoever calls it can measure it.
    latencyMs: 0,
    costUsd: 0,
  };
  emit(turn, { type: 'DecisionMade', data: { decision } });
}
