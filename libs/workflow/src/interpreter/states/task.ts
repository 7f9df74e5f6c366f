import { isJsonObject, type Json, type TaskState } from '@baton/asl';
import { commandIdOf, type RecoveryStrategy } from '@baton/contracts';
import { canonicalSha256 } from '../../canonical-json.js';
import { parseResource } from '../../document/resource.js';
import type { VisitState } from '../../state/run-state.js';
import { argumentsOf } from '../data/arguments.js';
import { type Evaluated, type FailedVisit, failedVisit } from '../data/evaluation.js';
import { POSITIVE_SECONDS, quantityIn } from '../data/quantity.js';
import { taskDeadline } from '../turn/time-limit.js';
import { emit, isoTime, type Turn } from '../turn/turn.js';
import { askedOf, withPanel } from './approval.js';
import { attemptOf, conversationFacts, type GoesOn, goesOn, questionsLeft } from './ask-for-task.js';
import { askForWork, isByHand, sendHandIn } from './ask-for-work.js';
import type { Recovery } from './recovery.js';
import { type HowAgain, reserveBudget } from './reserve-budget.js';
import { takeSignals } from './signal.js';

/**
 * Sends out the task of a state.
 * @param notBeforeMs the earliest time a worker may begin, after a retry; null for at once
 */
export async function scheduleTask(
  turn: Turn,
  visit: VisitState,
  state: TaskState,
  notBeforeMs: number | null,
  recovery: Recovery | null = null,
): Promise<FailedVisit | null> {
  const handIn = visit.handIn?.given ?? null;
  const goingOn = goesOn(turn, visit, recovery);
  const facts = await taskData(turn, visit, state, Math.max(turn.nowMs, notBeforeMs ?? 0), recovery, goingOn);
  if (!facts.ok) return failedVisit(visit, facts.failure);
  if (handIn !== null) return sendHandIn(turn, visit, state, { ...facts.value, handIn }, notBeforeMs);
  if (isByHand(turn.run, visit, state)) return askForWork(turn, visit, state, facts.value.arguments, notBeforeMs);
  const resource = parseResource(state.Resource);
  const given = facts.value.arguments;
  const template = templateIn(given);
  const asked: ReturnType<typeof askedOf> =
    resource?.type === 'approval' ? askedOf(turn, given) : { ok: true, value: undefined };
  if (!asked.ok) return failedVisit(visit, asked.failure);
  const left = await questionsLeft(turn, visit, state);
  const costs = resource?.type === 'worker' || resource?.type === 'workflow';
  const budget = costs ? reserveBudget(turn, visit, howAgain(notBeforeMs, recovery)) : null;
  if (budget === 'none') return null;
  emit(turn, {
    type: 'TaskScheduled',
    data: {
      visit: visit.visit,
      commandId: commandIdOf(turn.runId, turn.run.nextCommand),
      resource: state.Resource,
      attempt: attemptOf(visit, goingOn),
      notBefore: notBeforeMs === null ? null : isoTime(notBeforeMs),
      ...facts.value,
      ...(resource?.type === 'worker' && template !== undefined ? { template } : {}),
      ...(resource?.type === 'approval' ? { sha256: canonicalSha256(given) } : {}),
      ...(asked.value === undefined ? {} : { approval: asked.value }),
      ...(recovery === null ? {} : { recovery: { strategy: recovery.strategy, attempt: visit.recoveries.length + 1 } }),
      ...(budget === null ? {} : { budget }),
      ...conversationFacts(left, goingOn),
    },
  });
  if (resource?.type === 'signal') takeSignals(turn);
  return null;
}

/** Has a person do by hand what a task failed with. What was handed in before, if anything, is not what is wanted. */
export async function beginByHand(turn: Turn, visit: VisitState, state: TaskState): Promise<FailedVisit | null> {
  const facts = await taskData(turn, visit, state, turn.nowMs, null, null);
  if (!facts.ok) return failedVisit(visit, facts.failure);
  return askForWork(turn, visit, state, facts.value.arguments, null);
}

/** How a task goes out that has to wait for budget first. */
function howAgain(notBeforeMs: number | null, recovery: Recovery | null): HowAgain {
  const notBefore = notBeforeMs === null ? {} : { notBefore: isoTime(notBeforeMs) };
  if (recovery === null) return notBefore;
  const { strategy, previous } = recovery;
  return { ...notBefore, recovery: { strategy, error: previous.error, cause: previous.cause } };
}

interface TaskData {
  readonly arguments: Json;
  readonly deadline: string | null;
  readonly heartbeatSeconds: number | null;
}

async function taskData(
  turn: Turn,
  visit: VisitState,
  state: TaskState,
  beginsMs: number,
  recovery: Recovery | null,
  goingOn: GoesOn | null,
): Promise<Evaluated<TaskData>> {
  const own = await argumentsOf(turn, visit, state);
  if (!own.ok) return own;
  const isApproval = parseResource(state.Resource)?.type === 'approval';
  const given = isApproval ? withPanel(turn, visit.state, own.value) : own.value;
  const timeout = await quantityIn(turn, visit, state, 'TimeoutSeconds', POSITIVE_SECONDS);
  if (!timeout.ok) return timeout;
  const heartbeat = await quantityIn(turn, visit, state, 'HeartbeatSeconds', POSITIVE_SECONDS);
  if (!heartbeat.ok) return heartbeat;
  return {
    ok: true,
    value: {
      arguments: withHints(turn, withStep(turn, visit, given, recovery), visit, recovery ?? goingOn?.hinted ?? null),
      // The time limit starts when a worker may begin, so a backoff does not eat it up.
      deadline: taskDeadline(
        turn,
        timeout.value === null ? null : beginsMs + timeout.value * 1000 * moreTime(visit, recovery),
      ),
      heartbeatSeconds: heartbeat.value,
    },
  };
}

const isExtended = (strategy: RecoveryStrategy): boolean => strategy === 'extended_timeout';

/** Twice the time for each time that more time was given. */
const moreTime = (visit: VisitState, recovery: Recovery | null): number =>
  2 ** [...visit.recoveries, ...(recovery === null ? [] : [recovery.strategy])].filter(isExtended).length;

/** There where the task is tried again with the step's other template. */
function otherTemplateOf(turn: Turn, visit: VisitState, recovery: Recovery | null): string | undefined {
  const last = recovery?.strategy ?? visit.recoveries.at(-1);
  return last === 'alternate_template' ? turn.run.document.steps?.[visit.state]?.alternateTemplate : undefined;
}

/** What the worker is told besides its arguments: how it is to try again, and that the budget comes to its end. */
function withHints(turn: Turn, given: Json, visit: VisitState, recovery: Recovery | null): Json {
  if (!isJsonObject(given)) return given;
  const hint = turn.run.warned.length === 0 ? {} : { budgetHint: 'wind-down' };
  if (recovery === null) return { ...given, ...hint };
  const { strategy, previous } = recovery;
  const previousError = { error: previous.error, cause: previous.cause };
  return { ...given, ...hint, recovery: { strategy, attempt: visit.recoveries.length + 1, previousError } };
}

/** What a step says of its tasks goes to the worker with the arguments, unless they are no object or say it themselves. */
function withStep(turn: Turn, visit: VisitState, given: Json, recovery: Recovery | null): Json {
  if (!isJsonObject(given)) return given;
  const { template, maxOutputTokens, cache } = turn.run.document.steps?.[visit.state] ?? {};
  const other = otherTemplateOf(turn, visit, recovery);
  return {
    ...(template === undefined ? {} : { template }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(cache === undefined ? {} : { cache }),
    ...given,
    // The one that the arguments name has failed.
    ...(other === undefined ? {} : { template: other }),
  };
}

/** The template that a worker is asked to work with, where its arguments name one. */
const templateIn = (given: Json): string | undefined =>
  isJsonObject(given) && typeof given.template === 'string' ? given.template : undefined;
