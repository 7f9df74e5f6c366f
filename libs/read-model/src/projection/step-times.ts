import { storableText } from '@baton/contracts';
import type { FullOutcome } from '@baton/foresight';
import { sql } from 'kysely';
import { type Connection, readModel } from '../database.js';
import { MOST_STEPS } from '../run-view/run-fold.js';
import type { FoldedEvent } from './decision-store.js';
import type { Kind } from './histories.js';

/** A state that is entered more often is known by then, and a Map would write ten thousand rows. */
export const MOST_VISITS = 5;
/** Of one run. */
const MOST_ROWS = 100;

export interface StepTime {
  readonly runId: string;
  readonly state: string;
  readonly visit: number;
  readonly kind: Kind;
  readonly endedPosition: number;
  readonly outcome: FullOutcome;
  readonly enteredMs: number;
  readonly spentMs: number;
}

/** How long an ended run was in its states. Nothing of one with so many steps that its view has not all of them. */
export function stepTimesOf(
  { facts, steps, stored }: FoldedEvent,
  kind: Kind,
  outcome: FullOutcome,
): readonly StepTime[] {
  if (steps.size >= MOST_STEPS) return [];
  const visits = new Map<string, number>();
  const times: StepTime[] = [];
  for (const { state, startedAt, durationMs } of steps) {
    const visit = (visits.get(state) ?? 0) + 1;
    visits.set(state, visit);
    if (visit > MOST_VISITS || durationMs === null || times.length === MOST_ROWS) continue;
    const enteredMs = Math.max(0, Date.parse(startedAt) - Date.parse(facts.startedAt));
    const at = { runId: facts.runId, kind, endedPosition: stored.position, outcome };
    times.push({ ...at, state: storableText(state), visit, enteredMs, spentMs: durationMs });
  }
  return times;
}

export async function saveStepTimes(client: Connection, times: readonly StepTime[]): Promise<void> {
  const column = <T>(read: (time: StepTime) => T): readonly T[] => times.map(read);
  await sql`insert into baton.run_step_time (run_id, state, visit, workflow, workflow_version, size_class, ended_position, is_success,
      duration_ms, cost_micro_usd, entered_ms, spent_ms)
    select * from unnest(
      ${column(({ runId }) => runId)}::uuid[], ${column(({ state }) => state)}::text[],
      ${column(({ visit }) => visit)}::smallint[], ${column(({ kind }) => kind.workflow)}::text[],
      ${column(({ kind }) => kind.version)}::text[], ${column(({ kind }) => kind.sizeClass)}::smallint[],
      ${column(({ endedPosition }) => endedPosition)}::bigint[], ${column(({ outcome }) => outcome.isSuccess)}::bool[],
      ${column(({ outcome }) => outcome.durationMs)}::bigint[], ${column(({ outcome }) => outcome.costMicroUsd)}::bigint[],
      ${column(({ enteredMs }) => enteredMs)}::bigint[], ${column(({ spentMs }) => spentMs)}::bigint[])
    on conflict do nothing`.execute(readModel(client, 'save-step-times'));
}
