import type { Evaluator } from '@baton/asl';
import { BatonError, type ReplayFault, toError } from '@baton/contracts';
import { type LogRow, readFactsOfState, runRows, withDocuments } from '@baton/event-store';
import {
  type RecordedFact,
  type ReplayDifference,
  type ReplayPorts,
  RunReplay,
  readEvent,
  SNAPSHOT_EVENTS,
} from '@baton/workflow';
import type { Pool } from 'pg';
import { NOTHING, type ReplayOutcome, type ReplayTask, together } from './replay-task.js';

interface ReplayingPorts {
  readonly pool: Pool;
  readonly evaluator: Evaluator;
}

/**
 * Replays runs one after the other: each event has the hash it was written with, and what was decided is decided again. Stops
 * at the first thing that is wrong.
 */
export async function replayRuns(task: ReplayTask, { pool, evaluator }: ReplayingPorts): Promise<ReplayOutcome> {
  const ports: ReplayPorts = { evaluator, read: (runId, toVersion) => readEvents(pool, runId, toVersion) };
  let outcome = NOTHING;
  let runId: string | null = null;
  let run: RunReplay | null = null;
  const close = async (): Promise<ReplayFault | null> => {
    if (run === null || runId === null) return null;
    const found = faultIn(runId, await run.finish());
    outcome = together(outcome, { ...NOTHING, runs: 1, engines: enginesOf(runId, run), fault: found });
    return found;
  };
  for await (const rows of runRows(pool, task, task.toPosition)) {
    for (const ofRun of byRun(rows)) {
      const [first] = ofRun;
      if (first === undefined) continue;
      if (first.runId !== runId) {
        if ((await close()) !== null) return outcome;
        ({ runId } = first);
        run = new RunReplay(runId, ports);
      }
      const fault = wrongHash(ofRun) ?? (await decideAgain(pool, run, ofRun));
      if (fault !== null) return together(outcome, { ...NOTHING, runs: 1, fault });
      outcome = { ...outcome, events: outcome.events + ofRun.length };
      Atomics.add(task.done, 0, BigInt(ofRun.length));
    }
  }
  await close();
  return outcome;
}

async function decideAgain(pool: Pool, run: RunReplay | null, rows: readonly LogRow[]): Promise<ReplayFault | null> {
  const [first] = rows;
  if (run === null || first === undefined) return null;
  try {
    return faultIn(first.runId, await run.take(await withDocuments(pool, rows.map(toFact))));
  } catch (thrown) {
    // What a document is, or whether it is there, is no question of the moment; that the database is away is.
    if (!(thrown instanceof BatonError) || !OF_THE_LOG.has(thrown.code)) throw thrown;
    const { runId, version, position } = first;
    return { runId, version, position, problem: toError(thrown).message, recorded: null, decided: null };
  }
}

const OF_THE_LOG: ReadonlySet<string> = new Set(['document-missing', 'document-corrupt']);

/** Consecutive rows of the same run. */
function* byRun(rows: readonly LogRow[]): Generator<readonly LogRow[]> {
  let begin = 0;
  for (let at = 1; at <= rows.length; at += 1) {
    if (at < rows.length && rows[at]?.runId === rows[begin]?.runId) continue;
    yield rows.slice(begin, at);
    begin = at;
  }
}

function wrongHash(rows: readonly LogRow[]): ReplayFault | null {
  const row = rows.find(({ hash, storedHash }) => !hash.equals(storedHash));
  if (row === undefined) return null;
  const { runId, version, position } = row;
  const problem = 'the event is not what was written: its hash differs';
  return { runId, version, position, problem, recorded: null, decided: null };
}

const toFact = (row: LogRow): RecordedFact => ({
  position: row.position,
  version: row.version,
  type: row.type,
  schemaVersion: row.schemaVersion,
  dataText: row.data.toString(),
  causationId: row.causationId === null ? null : row.causationId.toString(),
  correlationId: row.correlationId === null ? null : row.correlationId.toString(),
  recordedAt: row.recordedAt,
  actorText: row.actor.toString(),
});

const faultIn = (runId: string, difference: ReplayDifference | null): ReplayFault | null =>
  difference === null ? null : { runId, ...difference };

const enginesOf = (runId: string, run: RunReplay): ReplayOutcome['engines'] =>
  run.tallies.map(({ example, ...tally }) => ({ ...tally, example: faultIn(runId, example) }));

const CARRIERS: ReadonlySet<string> = new Set(SNAPSHOT_EVENTS);

/** What a run that was taken up again, or another run, goes on from. */
async function readEvents(pool: Pool, runId: string, toVersion: number) {
  const facts = await readFactsOfState(pool, runId, toVersion);
  const [first] = facts;
  const before = first !== undefined && CARRIERS.has(first.type) ? first.version - 1 : 0;
  return { events: facts.map(readEvent), before };
}
