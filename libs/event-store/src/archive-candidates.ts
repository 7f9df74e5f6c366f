import type { RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { one, query } from './pool.js';

/*
 * Which runs may be archived next. The log is looked through once, from its beginning, for runs that ended: an index of those
 * would cost every append. A run that came back from an archive, or could not go, is behind that place and is noted by itself.
 */

/** A part of the log that was looked through: the runs that end in it, long enough ago, and how far it goes. */
export interface EndedPart {
  readonly runIds: readonly RunId[];
  readonly lookedTo: number;
}

/**
 * @param positions how many to look at
 * @param afterSeconds how long runs must have ended: the part ends at the first event that is younger
 */
export async function endedAfter(
  pool: Pool,
  position: number,
  { positions, afterSeconds }: { readonly positions: number; readonly afterSeconds: number },
): Promise<EndedPart> {
  const rows = await query<{ run_ids: string[]; looked_to: number }>(
    pool,
    'ended-after',
    `with part as materialized (
       select e.position, e.run_id, e.recorded_at from baton.event e
        where e.position > $1 and e.position <= $1 + $2::bigint
          and e.position <= (select coalesce(max(c.size), 0) from baton.checkpoint c)),
     until as (
       select coalesce((select min(p.position) - 1 from part p where p.recorded_at >= clock_timestamp() - $3 * interval '1 second'),
                       least($1 + $2::bigint, greatest($1, (select coalesce(max(c.size), 0) from baton.checkpoint c)))) as position)
     select u.position as looked_to,
            array(select p.run_id from part p join baton.stream s on s.run_id = p.run_id and s.last_position = p.position
                   where s.status = 1 and p.position <= u.position order by p.position) as run_ids
       from until u`,
    [position, positions, afterSeconds],
  );
  const { run_ids, looked_to } = one(rows, 'a part of the log');
  return { runIds: run_ids, lookedTo: looked_to };
}

/** Notes how far the log was looked through. */
export async function archiveLookedTo(pool: Pool, position: number): Promise<void> {
  await query(pool, 'archive-looked-to', 'select baton.archive_looked_to($1)', [position]);
}

/** Runs that are to be looked at again by now. */
export async function dueAgain(pool: Pool, limit: number): Promise<readonly RunId[]> {
  const rows = await query<{ run_id: string }>(
    pool,
    'archive-due-again',
    'select run_id from baton.archive_later where not_before <= clock_timestamp() order by not_before limit $1',
    [limit],
  );
  return rows.map(({ run_id }) => run_id);
}

/** Notes that a run is to be looked at again later, and why. */
export async function lookAgain(pool: Pool, runId: RunId, afterSeconds: number, why: string): Promise<void> {
  await query(
    pool,
    'archive-look-again',
    `insert into baton.archive_later (run_id, not_before, why) values ($1, clock_timestamp() + $2 * interval '1 second', $3)
     on conflict (run_id) do update set not_before = excluded.not_before, why = excluded.why`,
    [runId, afterSeconds, why],
  );
}

export async function lookNoMore(pool: Pool, runIds: readonly RunId[]): Promise<void> {
  await query(pool, 'archive-look-no-more', 'delete from baton.archive_later where run_id = any($1::uuid[])', [runIds]);
}

/** A run of a group that is archived together. */
export interface GroupMember {
  readonly runId: RunId;
  readonly version: number;
  readonly lastPosition: number;
  readonly hasEnded: boolean;
  /** Whether a fork goes on from it that is not in the group. */
  readonly isForked: boolean;
  /** Whether it is to be looked at later: it was read back, or could not go. */
  readonly isKept: boolean;
}

/** The run that asked for all others, itself first, and those that were asked for, whichever of them is given. None where it is unknown. */
export async function groupOf(pool: Pool, runId: RunId): Promise<readonly GroupMember[]> {
  const rows = await query<{
    run_id: string;
    version: number;
    last_position: number;
    status: number;
    is_forked: boolean;
    is_kept: boolean;
  }>(
    pool,
    'archive-group',
    `with recursive above as (
       select s.run_id, s.parent_command, 0 as depth from baton.stream s where s.run_id = $1
       union all
       select s.run_id, s.parent_command, a.depth + 1 from above a join baton.stream s
         on a.parent_command is not null and s.run_id = left(a.parent_command, 36)::uuid),
     members as (
       select run_id, 0 as depth from (select run_id from above order by depth desc limit 1) as root
       union all
       select s.run_id, m.depth + 1 from members m join baton.stream s
         on s.parent_command is not null and left(s.parent_command, 36) = m.run_id::text),
     forks as (
       select e.run_id, named.origin[1] as origin from baton.event e
        cross join lateral regexp_matches(e.data::text, '"from":\\{[^{}]*"runId":"([0-9a-f-]{36})"', 'g') as named(origin)
        where e.type = 'RunForked')
     select s.run_id, s.version, s.last_position, s.status,
            exists (select from forks f where f.origin = s.run_id::text
                                          and f.run_id not in (select m.run_id from members m)) as is_forked,
            exists (select from baton.archive_later l
                     where l.run_id = s.run_id and l.not_before > clock_timestamp()) as is_kept
       from members m join baton.stream s using (run_id) order by m.depth, s.run_id`,
    [runId],
  );
  return rows.map((row) => ({
    runId: row.run_id,
    version: row.version,
    lastPosition: row.last_position,
    hasEnded: row.status === 1,
    isForked: row.is_forked,
    isKept: row.is_kept,
  }));
}
