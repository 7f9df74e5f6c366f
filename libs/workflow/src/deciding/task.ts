import { isJsonObject, type Json, type TaskState } from '@baton/asl';
import { commandIdOf } from '@baton/contracts';
import { canonicalSha256 } from '../canonical-json.js';
import { parseResource } from '../resource.js';
import type { VisitState } from '../state.js';
import { argumentsOf } from './arguments.js';
import { type FailedVisit, failedVisit, type Outcome } from './evaluation.js';
import { POSITIVE_SECONDS, quantityIn } from './quantity.js';
import { takeSignals } from './signal.js';
import { taskDeadline } from './time-limit.js';
import { emit, isoTime, type Turn } from './turn.js';

/**
 * Sends out the task of a state.
 * @param notBeforeMs the earliest time a worker may begin, after a retry; null for at once
 */
export async function scheduleTask(
  turn: Turn,
  visit: VisitState,
  state: TaskState,
  notBeforeMs: number | null,
): Promise<FailedVisit | null> {
  const facts = await taskFacts(turn, visit, state, Math.max(turn.nowMs, notBeforeMs ?? 0));
  if (!facts.ok) return failedVisit(visit, facts.failure);
  const resource = parseResource(state.Resource);
  emit(turn, {
    type: 'TaskScheduled',
    data: {
      visit: visit.visit,
      commandId: commandIdOf(turn.runId, turn.run.nextCommand),
      resource: state.Resource,
      attempt: visit.attempts + 1,
      notBefore: notBeforeMs === null ? null : isoTime(notBeforeMs),
      ...facts.value,
      ...(resource?.type === 'approval' ? { sha256: canonicalSha256(facts.value.arguments) } : {}),
    },
  });
  if (resource?.type === 'signal') takeSignals(turn);
  return null;
}

interface TaskFacts {
  readonly arguments: Json;
  readonly deadline: string | null;
  readonly heartbeatSeconds: number | null;
}

async function taskFacts(
  turn: Turn,
  visit: VisitState,
  state: TaskState,
  beginsMs: number,
): Promise<Outcome<TaskFacts>> {
  const given = await argumentsOf(turn, visit, state);
  if (!given.ok) return given;
  const timeout = await quantityIn(turn, visit, state, 'TimeoutSeconds', POSITIVE_SECONDS);
  if (!timeout.ok) return timeout;
  const heartbeat = await quantityIn(turn, visit, state, 'HeartbeatSeconds', POSITIVE_SECONDS);
  if (!heartbeat.ok) return heartbeat;
  return {
    ok: true,
    value: {
      arguments: withTemplate(given.value, turn.run.document.steps?.[visit.state]?.template),
      // The time limit starts when a worker may begin, so a backoff does not eat it up.
      deadline: taskDeadline(turn, timeout.value === null ? null : beginsMs + timeout.value * 1000),
      heartbeatSeconds: heartbeat.value,
    },
  };
}

/** A step's template goes to the worker with the arguments, unless they are no object or name a template themselves. */
const withTemplate = (given: Json, template: string | undefined): Json =>
  template === undefined || !isJsonObject(given) || given.template !== undefined ? given : { template, ...given };
