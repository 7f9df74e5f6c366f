import { Expectation } from '@baton/contracts';
import { anomaliesOf, expectationOf, failuresOf, usualOf } from '@baton/foresight';
import { sql } from 'kysely';
import { type Connection, readModel } from '../database.js';
import { type FoundAnomaly, saveAnomalies } from './anomaly-store.js';
import type { FoldedEvent } from './decision-store.js';
import { Fates, failingIn } from './fates.js';
import { Histories } from './histories.js';
import { type StepTime, saveStepTimes, stepTimesOf } from './step-times.js';
import { disagreementsIn, isAbout, kindOf, outcomeOf, StoredUsual, type Tracked } from './tracked-run.js';

/*
 * What was expected of runs, and what came of them. A run and its end are held against those that ended before it began, by their
 * places in the log: so the same log gives the same rows, however it is cut into pages.
 * That runs fail more often is seen in the order in which they began, by what had become of them at that place in the log.
 * A fork is compared with nothing, since it begins in the middle; nor is what a retry makes of a run that has ended.
 */

/** What changes with the events of a page: a handful of statements, and none where nothing began, failed or ended. */
export async function saveExpectations(client: Connection, events: readonly FoldedEvent[]): Promise<void> {
  const about = events.filter(isAbout);
  const [first] = about;
  if (first === undefined) return;
  const runs = await loadTracked(client, about);
  // Only what begins is compared with others; what ends was, and is added to what comes after it.
  const begun = about.flatMap(({ event }) => (event.type === 'RunStarted' ? [kindOf(event.data)] : []));
  const histories = await Histories.load(client, begun, first.stored.position);
  const fates = await Fates.load(client, failingIn(about, runs), first.stored.position);
  const changed = new Set<string>();
  const steps: StepTime[] = [];
  const anomalies: FoundAnomaly[] = [];
  for (const each of about) {
    const before = runs.get(each.stored.runId);
    const after = follow(before, each, histories);
    if (after === undefined || after === before) continue;
    runs.set(after.runId, after);
    changed.add(after.runId);
    fates.note(after);
    if (after.ended?.isCounted !== true || before?.ended !== null) continue;
    const { kind, ended, usual } = after;
    const failures = ended.outcome.isSuccess ? null : failuresOf(fates.upTo(after));
    if (failures !== null) fates.told(after);
    const found = [...anomaliesOf(ended.outcome, usual), ...(failures === null ? [] : [failures])];
    anomalies.push(...found.map((anomaly) => ({ anomaly, ended: each })));
    steps.push(...stepTimesOf(each, kind, ended.outcome));
    histories.add(kind, ended.outcome);
  }
  const rows = [...runs.values()].filter(({ runId }) => changed.has(runId));
  if (rows.length > 0) await saveTracked(client, rows);
  if (steps.length > 0) await saveStepTimes(client, steps);
  if (anomalies.length > 0) await saveAnomalies(client, anomalies);
}

function follow(run: Tracked | undefined, folded: FoldedEvent, histories: Histories): Tracked | undefined {
  const { event, stored } = folded;
  if (event.type === 'RunStarted') {
    const kind = kindOf(event.data);
    const history = histories.of(kind);
    const { runId, position: beganPosition } = stored;
    const compared = { expected: expectationOf(history), usual: usualOf(history) };
    return { runId, kind, beganPosition, ...compared, errors: 0, disagreements: 0, ended: null };
  }
  // A fork, or a run that has ended before.
  if (run === undefined || run.ended !== null) return run;
  switch (event.type) {
    case 'TaskFailed':
    case 'TaskTimedOut':
      return { ...run, errors: run.errors + 1 };
    case 'DecisionMade':
      return { ...run, disagreements: run.disagreements + disagreementsIn(event) };
    case 'RunSucceeded':
    case 'RunFailed':
    case 'RunCancelled': {
      const isCounted = event.type !== 'RunCancelled';
      return { ...run, ended: { position: stored.position, isCounted, outcome: outcomeOf(folded, run) } };
    }
    default:
      return run;
  }
}

/** Those runs of the events that began before them. */
async function loadTracked(client: Connection, events: readonly FoldedEvent[]): Promise<Map<string, Tracked>> {
  const begun = new Set(events.flatMap(({ event, stored }) => (event.type === 'RunStarted' ? [stored.runId] : [])));
  const asked = [...new Set(events.map(({ stored }) => stored.runId))].filter((runId) => !begun.has(runId));
  if (asked.length === 0) return new Map();
  const rows = await readModel(client, 'load-expectations')
    .selectFrom('run_expectation')
    .select(['run_id', 'workflow', 'workflow_version', 'size_class', 'began_position', 'errors', 'disagreements'])
    .select([sql<string>`expected::text`.as('expected'), sql<string | null>`usual::text`.as('usual')])
    .where('run_id', '=', sql<string>`any(${asked}::uuid[])`)
    // What ended is done with.
    .where('ended_position', 'is', null)
    .execute();
  return new Map(
    rows.map((row) => [
      row.run_id,
      {
        runId: row.run_id,
        kind: { workflow: row.workflow, version: row.workflow_version, sizeClass: row.size_class },
        beganPosition: row.began_position,
        expected: Expectation.parse(JSON.parse(row.expected)),
        usual: StoredUsual.parse(JSON.parse(row.usual ?? '{}')),
        ...{ errors: row.errors, disagreements: row.disagreements, ended: null },
      },
    ]),
  );
}

async function saveTracked(client: Connection, runs: readonly Tracked[]): Promise<void> {
  const column = <T>(read: (run: Tracked) => T): readonly T[] => runs.map(read);
  const outcome = <T>(read: (of: NonNullable<Tracked['ended']>) => T): readonly (T | null)[] =>
    runs.map(({ ended }) => (ended === null ? null : read(ended)));
  await sql`insert into baton.run_expectation as r (run_id, workflow, workflow_version, size_class, began_position, expected, usual, errors,
      disagreements, ended_position, is_counted, is_success, duration_ms, cost_micro_usd, rounds, score)
    select * from unnest(
      ${column(({ runId }) => runId)}::uuid[], ${column(({ kind }) => kind.workflow)}::text[],
      ${column(({ kind }) => kind.version)}::text[], ${column(({ kind }) => kind.sizeClass)}::smallint[],
      ${column(({ beganPosition }) => beganPosition)}::bigint[], ${column(({ expected }) => JSON.stringify(expected))}::jsonb[],
      ${column(({ usual, ended }) => (ended === null ? JSON.stringify(usual) : null))}::jsonb[],
      ${column(({ errors }) => errors)}::int[], ${column(({ disagreements }) => disagreements)}::int[],
      ${outcome(({ position }) => position)}::bigint[], ${column(({ ended }) => ended?.isCounted ?? false)}::bool[],
      ${outcome((ended) => ended.outcome.isSuccess)}::bool[], ${outcome((ended) => ended.outcome.durationMs)}::bigint[],
      ${outcome((ended) => ended.outcome.costMicroUsd)}::bigint[], ${outcome((ended) => ended.outcome.rounds)}::int[],
      ${outcome((ended) => ended.outcome.score)}::float8[])
    on conflict (run_id) do update set
      usual = excluded.usual, errors = excluded.errors, disagreements = excluded.disagreements, ended_position = excluded.ended_position,
      is_counted = excluded.is_counted, is_success = excluded.is_success, duration_ms = excluded.duration_ms,
      cost_micro_usd = excluded.cost_micro_usd, rounds = excluded.rounds, score = excluded.score`.execute(
    readModel(client, 'save-expectations'),
  );
}

/** Of some runs; of all where none is named. */
export async function deleteExpectations(client: Connection, runIds: readonly string[] | null): Promise<void> {
  for (const table of ['run_expectation', 'run_step_time', 'anomaly'] as const) {
    const query = readModel(client).deleteFrom(table);
    await (runIds === null ? query : query.where('run_id', 'in', [...runIds])).execute();
  }
}
