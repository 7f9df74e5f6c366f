import { type RunId, storableText } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { holdLock } from './hold-lock.js';
import { one, query } from './pool.js';
import { runIdsFrom } from './run-ids.js';

/*
 * Ended runs may stand in files in place of the log: an archive is a file with a group of them, a run with those that it asked
 * for. What is here says which, and changes that; the files are somebody else's.
 */

/** The work of whoever archives, as `asOnlyOne` names it. */
export const ARCHIVING = 'archive';

/**
 * Keeps runs in the log that are there: whoever reads all of it would find some twice, or not at all. What is being archived
 * just now is waited for.
 *
 * @returns lets archiving go on, from when it resolves
 */
export async function holdArchiving(pool: Pool): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const end = await holdLock(pool, async (client) => {
        await query(client, 'hold-archiving', 'select pg_advisory_xact_lock_shared(hashtext($1))', [
          `baton:${ARCHIVING}`,
        ]);
        return true;
      });
      return async () => end?.();
    } catch (thrown) {
      // A large run takes longer than a statement may.
      const isLate = thrown instanceof Error && 'code' in thrown && thrown.code === STATEMENT_TIMEOUT;
      if (!isLate || attempt >= MOST_WAITS) throw thrown;
    }
  }
}

const STATEMENT_TIMEOUT = '57014';
const MOST_WAITS = 20;

export interface ArchiveRule {
  /** How long runs must have ended before they are archived; null: they are not. */
  readonly afterSeconds: number | null;
  /** How far the log was looked through for runs that ended. */
  readonly lookedTo: number;
  /** Goes up with whatever comes or goes. */
  readonly changes: number;
}

export async function archiveRule(pool: Pool): Promise<ArchiveRule> {
  const rows = await query<{ after_seconds: number | null; looked_to: number; changes: number }>(
    pool,
    'archive-rule',
    'select after_seconds, looked_to, changes from baton.archive_rule',
  );
  const { after_seconds, looked_to, changes } = one(rows, 'the rule of archives');
  return { afterSeconds: after_seconds, lookedTo: looked_to, changes };
}

/** Says how long runs must have ended before they are archived, or that they are not. For the owner of the database. */
export async function setArchiveRule(pool: Pool, afterSeconds: number | null): Promise<void> {
  await query(pool, 'set-archive-rule', 'update baton.archive_rule set after_seconds = $1', [afterSeconds]);
}

/** What a list shows of an archived run, and a scope asks for. */
export interface ArchivedAbout {
  readonly workflow: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As `apikey:ci`. */
  readonly submittedBy: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

export interface ArchivedRun extends ArchivedAbout {
  readonly runId: RunId;
  readonly archiveId: string;
  /** The file, within the folder of archives. */
  readonly name: string;
  /** How many events it has. */
  readonly version: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  /** RFC 3339, both. */
  readonly endedAt: string;
  readonly archivedAt: string;
}

interface Row {
  readonly run_id: string;
  readonly archive_id: string;
  readonly name: string;
  readonly version: number;
  readonly first_position: number;
  readonly last_position: number;
  readonly ended_at: Date;
  readonly at: Date;
  readonly about: ArchivedAbout;
}

const RUNS = `select r.run_id, r.archive_id, a.name, r.version, r.first_position, r.last_position, r.ended_at, a.at, r.about
  from baton.archived_run r join baton.archive a using (archive_id)`;

const toRun = (row: Row): ArchivedRun => ({
  ...row.about,
  runId: row.run_id,
  archiveId: row.archive_id,
  name: row.name,
  version: row.version,
  firstPosition: row.first_position,
  lastPosition: row.last_position,
  endedAt: row.ended_at.toISOString(),
  archivedAt: row.at.toISOString(),
});

/** Archived runs whose id begins so. */
export async function findArchivedRuns(pool: Pool, prefix: string, limit: number): Promise<readonly ArchivedRun[]> {
  const bounds = runIdsFrom(prefix);
  if (bounds === null) return [];
  const rows = await query<Row>(
    pool,
    'find-archived-runs',
    `${RUNS} where r.run_id between $1 and $2 order by r.run_id limit $3`,
    [bounds.lowest, bounds.highest, limit],
  );
  return rows.map(toRun);
}

/** Of these runs, those that are in a file. */
export async function archivedAmong(pool: Pool, runIds: readonly RunId[]): Promise<readonly ArchivedRun[]> {
  const rows = await query<Row>(pool, 'archived-among', `${RUNS} where r.run_id = any($1::uuid[])`, [runIds]);
  return rows.map(toRun);
}

/** The runs of a subject (personal data) that are in a file, some of them. */
export async function archivedOfSubject(pool: Pool, subject: string): Promise<readonly ArchivedRun[]> {
  const rows = await query<Row>(
    pool,
    'archived-of-subject',
    `${RUNS} where r.run_id in (select p.run_id from baton.personal_run p join baton.personal_key k using (key_id)
                                 where k.subject = $1) limit 100`,
    [storableText(subject)],
  );
  return rows.map(toRun);
}

/** Archived runs, those that ended last first; after one of them where it is given. */
export async function listArchivedRuns(
  pool: Pool,
  after: Pick<ArchivedRun, 'endedAt' | 'runId'> | null,
  limit: number,
): Promise<readonly ArchivedRun[]> {
  const rows = await query<Row>(
    pool,
    'list-archived-runs',
    `${RUNS} where $1::timestamptz is null or (r.ended_at, r.run_id) < ($1, $2::uuid)
     order by r.ended_at desc, r.run_id desc limit $3`,
    [after?.endedAt ?? null, after?.runId ?? null, limit],
  );
  return rows.map(toRun);
}

/** What all archives together hold of the log. */
export interface ArchivedTotals {
  readonly runs: number;
  /** Those that the log does not have any more. */
  readonly events: number;
  /** Where the first of these begins, and the last ends; 0 where there is none. */
  readonly firstPosition: number;
  readonly lastPosition: number;
  /** Events of archived runs that the log still has. */
  readonly stillThere: number;
}

export async function archivedTotals(pool: Pool): Promise<ArchivedTotals> {
  const rows = await query<{ runs: number; events: number; first: number; last: number; still: number }>(
    pool,
    'archived-totals',
    `select count(*) as runs, coalesce(sum(r.version) filter (where cleared), 0)::bigint as events,
            coalesce(min(r.first_position) filter (where cleared), 0) as first,
            coalesce(max(r.last_position) filter (where cleared), 0) as last,
            coalesce(sum(r.version) filter (where not cleared), 0)::bigint as still
       from baton.archived_run r
       join (select archive_id, cleared_at is not null as cleared from baton.archive) a using (archive_id)`,
  );
  const { runs, events, first, last, still } = one(rows, 'the archives');
  return { runs, events, firstPosition: first, lastPosition: last, stillThere: still };
}

/** A file of archived runs, as it was written. */
export interface StoredArchive {
  readonly archiveId: string;
  readonly name: string;
  /** Of the file; hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** Whether the log has none of it any more. */
  readonly isCleared: boolean;
}

interface ArchiveRow {
  readonly archive_id: string;
  readonly name: string;
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly cleared: boolean;
}

const ARCHIVES =
  'select a.archive_id, a.name, a.sha256, a.bytes, a.cleared_at is not null as cleared from baton.archive a';

const toArchive = (row: ArchiveRow): StoredArchive => ({
  archiveId: row.archive_id,
  name: row.name,
  sha256: row.sha256.toString('hex'),
  bytes: row.bytes,
  isCleared: row.cleared,
});

const PAGE = 200;

/** All archives with runs in them. */
export async function* allArchives(pool: Pool): AsyncGenerator<StoredArchive> {
  for (let after = '00000000-0000-0000-0000-000000000000', isMore = true; isMore; ) {
    const rows = await query<ArchiveRow>(
      pool,
      'all-archives',
      `${ARCHIVES} where a.archive_id > $1 and exists (select from baton.archived_run r where r.archive_id = a.archive_id)
       order by a.archive_id limit ${PAGE}`,
      [after],
    );
    yield* rows.map(toArchive);
    after = rows.at(-1)?.archive_id ?? after;
    isMore = rows.length === PAGE;
  }
}

/** Whether an archive is known by that name. */
export async function isArchive(pool: Pool, name: string): Promise<boolean> {
  const rows = await query(pool, 'is-archive', 'select from baton.archive where name = $1', [name]);
  return rows.length > 0;
}

/** The runs of an archive. */
export async function runsOfArchive(pool: Pool | PoolClient, archiveId: string): Promise<readonly ArchivedRun[]> {
  const rows = await query<Row>(pool, 'runs-of-archive', `${RUNS} where r.archive_id = $1`, [archiveId]);
  return rows.map(toRun);
}

/** Archives whose runs the log still has, and those that have none any more: both wait for something to be finished. */
export async function unfinishedArchives(
  pool: Pool,
): Promise<{ readonly toClear: readonly StoredArchive[]; readonly toRemove: readonly StoredArchive[] }> {
  const toClear = await query<ArchiveRow>(
    pool,
    'archives-to-clear',
    `${ARCHIVES} where a.cleared_at is null limit ${PAGE}`,
  );
  const toRemove = await query<ArchiveRow>(
    pool,
    'archives-to-remove',
    `${ARCHIVES} where not exists (select from baton.archived_run r where r.archive_id = a.archive_id) limit ${PAGE}`,
  );
  return { toClear: toClear.map(toArchive), toRemove: toRemove.map(toArchive) };
}
