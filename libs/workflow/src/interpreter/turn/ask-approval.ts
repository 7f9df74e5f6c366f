import { commandIdOf, type Json } from '@baton/contracts';
import { canonicalSha256 } from '../../canonical-json.js';
import type { RunEventOf } from '../../events/run-event.js';
import type { VisitState } from '../../state/run-state.js';
import { taskDeadline } from './time-limit.js';
import { emit, isoTime, type Turn } from './turn.js';

type Scheduled = RunEventOf<'TaskScheduled'>['data'];

/** What one such approval has beside what all have. */
interface ApprovalFacts extends Pick<Scheduled, 'approval' | 'byHand' | 'question'> {
  /** How long an answer is waited for at most; as long as the run has where it is absent. */
  readonly timeoutSeconds?: number | undefined;
  readonly notBeforeMs?: number | null;
}

/**
 * Makes a visit wait for a person of whom its definition does not speak: who is asked by a task, does its work, or decides. What
 * is shown is what the answer is bound to, and it is no try of the task.
 */
export function askApproval(turn: Turn, visit: VisitState, given: Json, facts: ApprovalFacts): void {
  const { timeoutSeconds, notBeforeMs = null, ...rest } = facts;
  emit(turn, {
    type: 'TaskScheduled',
    data: {
      visit: visit.visit,
      commandId: commandIdOf(turn.runId, turn.run.nextCommand),
      resource: 'baton:approval',
      arguments: given,
      attempt: Math.max(1, visit.attempts),
      notBefore: notBeforeMs === null ? null : isoTime(notBeforeMs),
      deadline: taskDeadline(turn, timeoutSeconds === undefined ? null : turn.nowMs + timeoutSeconds * 1000),
      heartbeatSeconds: null,
      sha256: canonicalSha256(given),
      ...rest,
    },
  });
}
