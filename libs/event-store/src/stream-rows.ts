import type { Pool } from 'pg';
import { one, query } from './pool.js';

/*
 * A stream says where its run begins and ends. That each end is an event of that run and version is two look-ups a run; that
 * no stream ends too early, and none is missing, is seen by the sum of their versions: it is the number of all events, with
 * those of runs that are in archives.
 */

/** What is wrong with a stream, beside a log that was found sound; null where nothing is. */
export async function wrongStream(pool: Pool): Promise<string | null> {
  const [wrong] = await query<Row>(
    pool,
    'wrong-stream',
    `select s.run_id, s.version, s.last_position as position from baton.stream s
      where not exists (select from baton.event e where e.position = s.last_position and e.run_id = s.run_id and e.version = s.version)
         or not exists (select from baton.event e where e.position = s.first_position and e.run_id = s.run_id and e.version = 1)
      limit 1`,
  );
  if (wrong !== undefined) return says(wrong, 'there is no such event of it');
  const sums = await query<{ versions: number; head: number }>(
    pool,
    'sum-of-versions',
    `select (select coalesce(sum(version), 0)::bigint from baton.stream)
             + (select coalesce(sum(version), 0)::bigint from baton.archived_run) as versions,
            (select head from baton.log) as head`,
  );
  const { versions, head } = one(sums, 'the streams');
  return versions === head ? null : brokenOff(pool);
}

interface Row {
  readonly run_id: string;
  readonly version: number;
  readonly position: number;
}

async function brokenOff(pool: Pool): Promise<string> {
  const [cut] = await query<Row>(
    pool,
    'stream-cut-off',
    `select s.run_id, s.version, s.last_position as position from baton.stream s
      where exists (select from baton.event e where e.run_id = s.run_id and e.version = s.version + 1) limit 1`,
  );
  if (cut !== undefined) return says(cut, 'the run goes on behind that');
  const [lost] = await query<Row>(
    pool,
    'stream-lost',
    `select e.run_id, e.version, e.position from baton.event e
      where e.version = 1 and not exists (select from baton.stream s where s.run_id = e.run_id)
        and not exists (select from baton.archived_run a where a.run_id = e.run_id) limit 1`,
  );
  return lost === undefined
    ? 'the streams together do not have as many events as the log'
    : `run ${lost.run_id}, which begins at position ${lost.position}, has no stream`;
}

const says = ({ run_id, version, position }: Row, but: string): string =>
  `the stream of run ${run_id} ends at version ${version}, position ${position}, and ${but}`;
