import { ErrorName, parseTimestamp, type WaitState } from '@baton/asl';
import { commandIdOf } from '@baton/contracts';
import type { VisitState } from '../state.js';
import { evaluateIn, evaluateSeconds, type FailedVisit, failedVisit, failureIn, type Outcome } from './evaluation.js';
import { emit, isoTime, type Turn } from './turn.js';

export async function startWait(turn: Turn, visit: VisitState, state: WaitState): Promise<FailedVisit | null> {
  const due = await dueMs(turn, visit, state);
  if (!due.ok) return failedVisit(visit, due.failure);
  scheduleTimer(turn, visit, due.value);
  return null;
}

/** Makes the visit wait until an instant, which may have passed already. */
export function scheduleTimer(turn: Turn, visit: VisitState, dueAtMs: number): void {
  const commandId = commandIdOf(turn.runId, turn.run.nextCommand);
  emit(turn, { type: 'TimerScheduled', data: { visit: visit.visit, commandId, dueAt: isoTime(dueAtMs) } });
}

async function dueMs(turn: Turn, visit: VisitState, state: WaitState): Promise<Outcome<number>> {
  if (state.Timestamp === undefined) {
    const seconds = await evaluateSeconds(turn, visit, 'Seconds', state.Seconds);
    return seconds.ok ? { ok: true, value: turn.nowMs + (seconds.value ?? 0) * 1000 } : seconds;
  }
  const evaluated = await evaluateIn(turn, visit, 'Timestamp', state.Timestamp);
  if (!evaluated.ok) return evaluated;
  const millis = typeof evaluated.value === 'string' ? parseTimestamp(evaluated.value) : null;
  if (millis !== null) return { ok: true, value: millis };
  const shown = typeof evaluated.value === 'string' ? evaluated.value : JSON.stringify(evaluated.value);
  const problem = `The Timestamp field cannot be parsed as an RFC 3339 date-time with an offset: ${shown}`;
  return { ok: false, failure: failureIn(visit, ErrorName.queryEvaluation, problem) };
}
