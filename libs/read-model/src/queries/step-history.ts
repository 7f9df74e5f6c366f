import { type StepExpectation, storableText } from '@baton/contracts';
import { type History, MOST_SAMPLES, quantilesOf, type StepOutcome } from '@baton/foresight';
import { sql } from 'kysely';
import { type Connection, readModel } from '../database.js';
import type { Kind } from '../projection/histories.js';
import { type RunScope, runsInScope } from './run-scope.js';

interface Row {
  readonly is_alike: boolean;
  readonly duration_ms: number;
  readonly cost_micro_usd: number | null;
  readonly is_success: boolean;
  readonly entered_ms: number;
  readonly spent_ms: number;
}

/** The newest runs that were in a state for the same how-manieth time. */
export async function stepHistory(
  connection: Connection,
  { workflow, version, sizeClass }: Kind,
  step: { readonly state: string; readonly visit: number },
  scope: RunScope | null,
): Promise<History<StepOutcome>> {
  const isSeen = scope === null ? sql`true` : sql`run_id in (${runsInScope(connection, scope)})`;
  const newest = sql`select run_id, duration_ms, cost_micro_usd, is_success, entered_ms, spent_ms, ended_position
    from baton.run_step_time
   where workflow = ${workflow} and state = ${storableText(step.state)} and visit = ${step.visit}`;
  const { rows } = await sql<Row>`
    select true as is_alike, a.* from (${newest} and workflow_version = ${version} and size_class = ${sizeClass}
      order by ended_position desc limit ${MOST_SAMPLES}) a where ${isSeen}
    union all
    select false, a.* from (${newest} order by ended_position desc limit ${MOST_SAMPLES}) a where ${isSeen}
    order by ended_position`.execute(readModel(connection));
  const all = rows.map((row) => ({ isAlike: row.is_alike, outcome: toOutcome(row) }));
  const those = (isAlike: boolean): readonly StepOutcome[] =>
    all.filter((each) => each.isAlike === isAlike).map(({ outcome }) => outcome);
  return { alike: those(true), all: those(false) };
}

const toOutcome = (row: Row): StepOutcome => ({
  durationMs: row.duration_ms,
  costMicroUsd: row.cost_micro_usd,
  isSuccess: row.is_success,
  enteredMs: row.entered_ms,
  spentMs: row.spent_ms,
});

/** A run has a hundred of them at most, and that is what of all runs is looked at together. */
const MOST_TIMES = 2_000;

/** How long the states of a workflow take, from its newest runs; those with too few visits are left out. */
export async function expectSteps(
  connection: Connection,
  workflow: string,
  scope: RunScope | null,
): Promise<StepExpectation[]> {
  const isSeen = scope === null ? sql`true` : sql`run_id in (${runsInScope(connection, scope)})`;
  const { rows } = await sql<{ readonly state: string; readonly spent_ms: number }>`
    select state, spent_ms from (
      select run_id, state, spent_ms from baton.run_step_time where workflow = ${workflow} and visit = 1
       order by ended_position desc limit ${MOST_TIMES}) t where ${isSeen}`.execute(readModel(connection));
  const steps = [...Map.groupBy(rows, ({ state }) => state)].flatMap(([state, times]) => {
    const durationMs = quantilesOf(times.map((time) => time.spent_ms));
    return durationMs === null ? [] : [{ state, sampleSize: times.length, durationMs }];
  });
  return steps.sort((a, b) => b.durationMs.p50 - a.durationMs.p50);
}
