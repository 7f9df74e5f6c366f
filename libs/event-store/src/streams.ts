import { Actor, type RunId } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import type { NewEvent } from './batch.js';
import { withDocuments } from './documents.js';
import { one, query } from './pool.js';
import { runIdsFrom } from './run-ids.js';

/** An event as it stands in the log. `dataText` and `actorText` are the bytes that were hashed. */
export interface StoredEvent extends Omit<NewEvent, 'data' | 'dataText'> {
  /** Place in the whole log, from 1, without gaps. */
  readonly position: number;
  readonly runId: RunId;
  /** Place in its run, from 1, without gaps. */
  readonly version: number;
  readonly actorText: string;
  readonly dataText: string;
  /** Hexadecimal. */
  readonly leafHash: string;
}

interface Row {
  readonly position: number;
  readonly run_id: string;
  readonly version: number;
  readonly type: string;
  readonly schema_version: number;
  readonly event_id: string;
  readonly causation_id: string | null;
  readonly correlation_id: string | null;
  readonly recorded_at: Date;
  readonly actor: string;
  readonly data: string;
  readonly leaf_hash: Buffer;
}

const COLUMNS = `e.position, e.run_id, e.version, e.type, e.schema_version, e.event_id, e.causation_id, e.correlation_id,
  e.recorded_at, e.actor, e.data, e.leaf_hash`;

/** What a state is folded from. */
export type StoredFact = Pick<StoredEvent, 'version' | 'type' | 'schemaVersion' | 'dataText' | 'document'>;

/** Versions, both included. */
interface Range {
  readonly fromVersion?: number;
  readonly toVersion?: number;
  readonly limit?: number;
}

// The stream's own bounds let the planner skip partitions that cannot hold it.
const OF_STREAM = `from baton.event e
   where e.run_id = $1 and e.version >= $2 and e.version <= $3
     and e.position >= (select s.first_position from baton.stream s where s.run_id = $1)
     and e.position <= (select s.last_position from baton.stream s where s.run_id = $1)
   order by e.version limit $4`;
const rangeOf = (runId: RunId, { fromVersion = 1, toVersion = 2_147_483_647, limit }: Range): readonly unknown[] => [
  runId,
  fromVersion,
  toVersion,
  limit ?? null,
];

/**
 * Events of a run in their order, with the documents that they name. None for a run that does not exist.
 *
 * @throws as `withDocuments`
 */
export const readStream = async (pool: Pool | PoolClient, runId: RunId, range: Range): Promise<StoredEvent[]> =>
  withDocuments(pool, await readBareStream(pool, runId, range));

/** The same without documents: for whoever wants to know what is wrong with them. */
export async function readBareStream(pool: Pool | PoolClient, runId: RunId, range: Range): Promise<StoredEvent[]> {
  const rows = await query<Row>(pool, 'read-stream', `select ${COLUMNS} ${OF_STREAM}`, rangeOf(runId, range));
  return rows.map(toEvent);
}

/**
 * The same, without who, when and why: of 20,000 events those take 90 ms of 115 to read, and a state needs none of them.
 */
export async function readFacts(pool: Pool, runId: RunId, range: Range): Promise<StoredFact[]> {
  const rows = await query<FactRow>(pool, 'read-facts', `select ${FACTS} ${OF_STREAM}`, rangeOf(runId, range));
  return withDocuments(pool, rows.map(toFact));
}

type FactRow = Pick<Row, 'version' | 'type' | 'schema_version' | 'data'>;
const FACTS = 'e.version, e.type, e.schema_version, e.data';
const toFact = ({ version, type, schema_version, data }: FactRow): StoredFact => ({
  version,
  type,
  schemaVersion: schema_version,
  dataText: data,
});

// The newest event, up to version $2, that holds the whole state. The types stand in the index that makes this one look-up.
const NEWEST_SNAPSHOT = `select max(n.version) as version from baton.event n
      where n.run_id = $1 and n.version <= $2 and n.type in ('RunForked', 'RunRetried', 'RunContinued')
        and n.position >= (select s.first_position from baton.stream s where s.run_id = $1)
        and n.position <= (select s.last_position from baton.stream s where s.run_id = $1)`;

/**
 * What the state of a run at a version is folded from: the newest event that holds all of it, or the first one, and those
 * after it. One question instead of two, in front of each turn whose run is not in memory.
 */
export async function readFactsOfState(pool: Pool, runId: RunId, toVersion = 2_147_483_647): Promise<StoredFact[]> {
  const rows = await query<FactRow>(
    pool,
    'read-facts-of-state',
    `select ${FACTS} from baton.event e
      where e.run_id = $1 and e.version >= coalesce((${NEWEST_SNAPSHOT}), 1) and e.version <= $2
        and e.position >= (select s.first_position from baton.stream s where s.run_id = $1)
        and e.position <= (select s.last_position from baton.stream s where s.run_id = $1)
      order by e.version`,
    [runId, toVersion],
  );
  return withDocuments(pool, rows.map(toFact));
}

/** The newest event of a run, up to a version, that holds its whole state; 1 where the run is read from its beginning. */
export async function newestSnapshot(pool: Pool, runId: RunId, toVersion = 2_147_483_647): Promise<number> {
  const rows = await query<{ version: number | null }>(pool, 'newest-snapshot', NEWEST_SNAPSHOT, [runId, toVersion]);
  return rows[0]?.version ?? 1;
}

/** A part of the log, after a position. */
interface LogPage {
  readonly afterPosition: number;
  readonly limit: number;
}

/** Events of all runs in the order of the log, with the documents that they name. @throws as `withDocuments` */
export async function readLog(pool: Pool, page: LogPage): Promise<StoredEvent[]> {
  const rows = await query<Row>(
    pool,
    'read-log',
    `select ${COLUMNS} from baton.event e where e.position > $1 order by e.position limit $2`,
    [page.afterPosition, page.limit],
  );
  return withDocuments(pool, rows.map(toEvent));
}

/** A place in the log as it is read run by run. */
export interface PlaceInRun {
  readonly runId: RunId;
  readonly version: number;
}

/**
 * Events up to a position, run by run in the order of their ids: whoever replays the whole log so has one run at hand at a
 * time, however many are in motion. Reads all over the log, for which a cold disk takes longer than for `readLog`.
 */
export async function readLogByRun(
  pool: Pool,
  page: { readonly after: PlaceInRun | null; readonly toPosition: number; readonly limit: number },
): Promise<StoredEvent[]> {
  const { runId, version } = page.after ?? { runId: '00000000-0000-0000-0000-000000000000', version: 0 };
  const rows = await query<Row>(
    pool,
    'read-log-by-run',
    `select ${COLUMNS} from baton.event e
      where (e.run_id, e.version) > ($1, $2) and e.position <= $3 order by e.run_id, e.version limit $4`,
    [runId, version, page.toPosition, page.limit],
  );
  return withDocuments(pool, rows.map(toEvent));
}

/** The position of the newest event; 0 in an empty log. */
export async function logHead(pool: Pool): Promise<number> {
  return one(await query<{ head: number }>(pool, 'log-head', 'select head from baton.log'), 'the log').head;
}

/** The position of the newest event that is there, whatever the sequencer says; 0 where none is. */
export async function lastPosition(pool: Pool): Promise<number> {
  const sql = 'select coalesce(max(position), 0) as position from baton.event';
  return one(await query<{ position: number }>(pool, 'last-position', sql), 'the log').position;
}

/** The position of a run's newest event; 0 where it has none. */
export async function streamEnd(pool: Pool, runId: RunId): Promise<number> {
  const sql = 'select last_position as position from baton.stream where run_id = $1';
  return (await query<{ position: number }>(pool, 'stream-end', sql, [runId]))[0]?.position ?? 0;
}

/** The version of a run's newest event; 0 where the run has none. */
export async function streamVersion(pool: Pool, runId: RunId): Promise<number> {
  const rows = await query<{ version: number }>(
    pool,
    'stream-version',
    'select version from baton.stream where run_id = $1',
    [runId],
  );
  return rows[0]?.version ?? 0;
}

/** So many runs are looked at for a prefix that fits to more: one digit fits to a sixteenth of all there are. */
const MOST_OF_PREFIX = 1_000;

/** Ids of runs that begin with a prefix (hexadecimal digits and dashes), newest first among the first thousand that do. */
export async function findRunIds(pool: Pool, prefix: string, limit: number): Promise<readonly RunId[]> {
  const bounds = runIdsFrom(prefix);
  if (bounds === null) return [];
  const rows = await query<{ run_id: string }>(
    pool,
    'find-run-ids',
    `select run_id from (select run_id, first_position from baton.stream where run_id between $1 and $2 order by run_id limit $4) found
      order by first_position desc limit $3`,
    [bounds.lowest, bounds.highest, limit, MOST_OF_PREFIX],
  );
  return rows.map(({ run_id }) => run_id);
}

/** Keeps the sweep from sending the run's commands again, because a message of it could not be decided. */
export async function parkRun(pool: Pool, runId: RunId): Promise<void> {
  await query(pool, 'park-run', 'update baton.stream set status = 2 where run_id = $1 and status = 0', [runId]);
}

/** Lets parked runs go on, after a start: the program that could not decide may have been replaced. */
export async function releaseParkedRuns(pool: Pool): Promise<readonly RunId[]> {
  const rows = await query<{ run_id: string }>(
    pool,
    'release-parked-runs',
    `update baton.stream r set status = 0
      where r.status = 2 and not exists (select from baton.suspect s where s.run_id = r.run_id and s.is_guilty)
      returning run_id`,
  );
  return rows.map(({ run_id }) => run_id);
}

/**
 * Lets one parked run go on because a person wants it, also where a message of it ended its processes: it is tried anew.
 *
 * @returns whether it was parked
 */
export async function releaseRun(pool: Pool, runId: RunId): Promise<boolean> {
  await query(pool, 'forgive-suspects', 'delete from baton.suspect where run_id = $1 and is_guilty', [runId]);
  const rows = await query<{ run_id: string }>(
    pool,
    'release-run',
    'update baton.stream set status = 0 where run_id = $1 and status = 2 returning run_id',
    [runId],
  );
  return rows.length > 0;
}

/** Whether a run stands still because a message of it could not be decided. */
export async function isParked(pool: Pool, runId: RunId): Promise<boolean> {
  const rows = await query(pool, 'is-parked', 'select 1 from baton.stream where run_id = $1 and status = 2', [runId]);
  return rows.length > 0;
}

const toEvent = (row: Row): StoredEvent => ({
  position: row.position,
  runId: row.run_id,
  version: row.version,
  type: row.type,
  schemaVersion: row.schema_version,
  eventId: row.event_id,
  causationId: row.causation_id,
  correlationId: row.correlation_id,
  recordedAt: row.recorded_at.toISOString(),
  actor: Actor.parse(JSON.parse(row.actor)),
  actorText: row.actor,
  dataText: row.data,
  leafHash: row.leaf_hash.toString('hex'),
});
