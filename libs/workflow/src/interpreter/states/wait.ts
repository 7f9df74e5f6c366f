import { ErrorName, type Json, parseTimestamp, preview, type WaitState } from '@baton/asl';
import { commandIdOf } from '@baton/contracts';
import type { VisitState } from '../../state/run-state.js';
import {
  type Evaluated,
  evaluateIn,
  type FailedVisit,
  failedVisit,
  failureIn,
  queryIn,
  runtimeFailure,
} from '../data/evaluation.js';
import { inputOf } from '../data/paths.js';
import { quantityIn, SECONDS } from '../data/quantity.js';
import { withinRun } from '../turn/time-limit.js';
import { emit, queryLanguageOf, type Turn } from '../turn/turn.js';

export async function startWait(turn: Turn, visit: VisitState, state: WaitState): Promise<FailedVisit | null> {
  const due = await dueMs(turn, visit, state);
  if (!due.ok) return failedVisit(visit, due.failure);
  scheduleTimer(turn, visit, due.value);
  return null;
}

/** Makes the visit wait until an instant, which may have passed already. */
export function scheduleTimer(turn: Turn, visit: VisitState, dueAtMs: number): void {
  const commandId = commandIdOf(turn.runId, turn.run.nextCommand);
  emit(turn, { type: 'TimerScheduled', data: { visit: visit.visit, commandId, dueAt: withinRun(turn, dueAtMs) } });
}

/**
 * An event writes an instant with a year of four digits, and the command table knows no year 0. An RFC 3339 time can lead
 * beyond both, by its offset.
 */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

async function dueMs(turn: Turn, visit: VisitState, state: WaitState): Promise<Evaluated<number>> {
  if (state.Timestamp === undefined && state.TimestampPath === undefined) {
    const seconds = await quantityIn(turn, visit, state, 'Seconds', SECONDS);
    return seconds.ok ? { ok: true, value: turn.nowMs + (seconds.value ?? 0) * 1000 } : seconds;
  }
  const instant = await instantOf(turn, visit, state);
  if (!instant.ok) return instant;
  const millis = typeof instant.value === 'string' ? parseTimestamp(instant.value) : null;
  if (millis !== null && millis >= FIRST_MS && millis <= LAST_MS) return { ok: true, value: millis };
  const shown = typeof instant.value === 'string' ? instant.value.slice(0, 1_000) : preview(instant.value, 1_000);
  const field = state.TimestampPath === undefined ? 'Timestamp' : 'TimestampPath';
  const problem =
    millis === null
      ? `The ${field} field cannot be parsed as an RFC 3339 date-time with an offset: ${shown}`
      : `The ${field} field is not within the years 0001 to 9999 of UTC: ${shown}`;
  const failure =
    queryLanguageOf(turn, visit, state) === 'JSONPath'
      ? runtimeFailure(visit, problem)
      : failureIn(visit, ErrorName.queryEvaluation, problem);
  return { ok: false, failure };
}

async function instantOf(turn: Turn, visit: VisitState, state: WaitState): Promise<Evaluated<Json>> {
  if (state.TimestampPath !== undefined) {
    const input = await inputOf(turn, visit, state);
    return input.ok ? queryIn(turn, visit, 'TimestampPath', state.TimestampPath, input.value) : input;
  }
  return evaluateIn(turn, visit, 'Timestamp', state.Timestamp ?? null);
}
