import { Json, type RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** A version of a workspace that a task of a run made. */
interface WorkspaceVersion {
  /** Of the event that says so. */
  readonly version: number;
  readonly recordedAt: string;
  /** SHA-256 (hex) of the trees, as the task said. */
  readonly base: string | null;
  readonly tree: string;
}

/** Of a run so long that it has more results than these, the newest are looked at. */
const MOST_RESULTS = 2_000;

const RESULTS_OF_RUN = `select e.version, e.recorded_at, e.data from baton.event e
   where e.run_id = $1 and e.type = 'TaskSucceeded'
     and e.position >= (select s.first_position from baton.stream s where s.run_id = $1)
     and e.position <= (select s.last_position from baton.stream s where s.run_id = $1)
   order by e.version desc limit ${MOST_RESULTS}`;

/** The versions of its workspace that the results of a run name, oldest first. */
export async function workspaceVersions(pool: Pool, runId: RunId): Promise<readonly WorkspaceVersion[]> {
  const rows = await query<{ version: number; recorded_at: Date; base: string | null; tree: string }>(
    pool,
    'workspace-versions',
    `with r as (${RESULTS_OF_RUN})
     select r.version, r.recorded_at, r.data #>> '{output,workspace,base}' as base, r.data #>> '{output,workspace,tree}' as tree
       from r where r.data #>> '{output,workspace,tree}' ~ '^[0-9a-f]{64}$' order by r.version`,
    [runId],
  );
  return rows.map(({ version, recorded_at, base, tree }) => ({
    version,
    recordedAt: recorded_at.toISOString(),
    base,
    tree,
  }));
}

/** The newest result of a run that holds files; null where none does. */
export async function lastOutputWithFiles(pool: Pool, runId: RunId): Promise<Json | null> {
  const rows = await query<{ output: string }>(
    pool,
    'last-output-with-files',
    `with r as (${RESULTS_OF_RUN})
     select r.data -> 'output' as output from r where json_typeof(r.data #> '{output,files}') = 'array'
      order by r.version desc limit 1`,
    [runId],
  );
  const [row] = rows;
  return row === undefined ? null : Json.parse(JSON.parse(row.output));
}
