import { type CalibrationReport, Expectation } from '@baton/contracts';
import { calibrationOf, type Judged } from '@baton/foresight';
import { sql } from 'kysely';
import { type Connection, readModel } from '../database.js';

/** So many of the newest ended runs are looked at, however many there are. */
const MOST_RUNS = 1_000;
const MOST_WORKFLOWS = 100;

/**
 * What was expected when runs began, held against what came. What was expected of a run is made of all runs of its workflow, and so
 * is this: it is for those alone who may see all.
 *
 * @param workflow of this one alone; of all where it is null
 */
export async function calibrate(connection: Connection, workflow: string | null): Promise<CalibrationReport> {
  const rows = await newestEnded(connection, workflow);
  const judged = rows.slice(0, MOST_RUNS).map((row) => ({
    workflow: row.workflow,
    expected: Expectation.parse(JSON.parse(row.expected)),
    outcome: {
      durationMs: row.duration_ms ?? 0,
      costMicroUsd: row.cost_micro_usd,
      isSuccess: row.is_success === true,
    },
  }));
  const named = [...Map.groupBy(judged, (each) => each.workflow)].map(([name, runs]: [string, readonly Judged[]]) =>
    calibrationOf(name, runs),
  );
  const workflows = named.sort((a, b) => b.ended - a.ended).slice(0, MOST_WORKFLOWS);
  return { total: calibrationOf(workflow, judged), workflows, most: MOST_RUNS, isCut: rows.length > MOST_RUNS };
}

function newestEnded(connection: Connection, workflow: string | null) {
  let query = readModel(connection)
    .selectFrom('run_expectation')
    .select(['workflow', 'duration_ms', 'cost_micro_usd', 'is_success', sql<string>`expected::text`.as('expected')])
    .where('is_counted', '=', true);
  if (workflow !== null) query = query.where('workflow', '=', workflow);
  return query
    .orderBy('ended_position', 'desc')
    .limit(MOST_RUNS + 1)
    .execute();
}
