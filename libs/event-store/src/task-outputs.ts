import { Json, JsonObject, type RunId } from '@baton/contracts';
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

/** Read through `baton.readable`: what a worker said may hold what operators of Postgres fail on. */
const RESULTS_OF_RUN = `select e.version, e.recorded_at, e.data as said, baton.readable(e.data) as data from baton.event e
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

/** What a task noted beside its result of the documentation that it read, as it stands in the log. */
interface NotedKnowledge {
  /** The state that asked for the task. */
  readonly state: string;
  readonly knowledge: Json;
}

const POSITIONS_OF_RUN = `e.position >= (select s.first_position from baton.stream s where s.run_id = $1)
     and e.position <= (select s.last_position from baton.stream s where s.run_id = $1)`;

/** What the tasks of a run noted of the documentation that they read, in the order in which they ended. */
export async function knowledgeOfRun(pool: Pool, runId: RunId): Promise<readonly NotedKnowledge[]> {
  const noted = await query<{ visit: string; knowledge: string }>(
    pool,
    'knowledge-of-run',
    `select r.data ->> 'visit' as visit, r.data -> 'knowledge' as knowledge
       from (select e.version, baton.readable(e.data) as data from baton.event e
              where e.run_id = $1 and e.type in ('TaskSucceeded', 'TaskFailed') and position('"knowledge":' in e.data::text) > 0
                and ${POSITIONS_OF_RUN}) as r
      where json_typeof(r.data -> 'knowledge') = 'object'
      order by r.version limit ${MOST_RESULTS}`,
    [runId],
  );
  if (noted.length === 0) return [];
  const entered = await query<{ visit: string; state: string }>(
    pool,
    'states-of-visits',
    `select r.data ->> 'visit' as visit, r.data ->> 'state' as state
       from (select baton.readable(e.data) as data from baton.event e
              where e.run_id = $1 and e.type = 'StateEntered' and ${POSITIONS_OF_RUN}) as r
      where r.data ->> 'visit' = any($2)`,
    [runId, noted.map(({ visit }) => visit)],
  );
  const states = new Map(entered.map(({ visit, state }) => [visit, state]));
  return noted.map(({ visit, knowledge }) => ({
    state: states.get(visit) ?? '',
    knowledge: Json.parse(JSON.parse(knowledge)),
  }));
}

/** The newest result of a run that holds files; null where none does. */
export async function lastOutputWithFiles(pool: Pool, runId: RunId): Promise<Json | null> {
  const rows = await query<{ said: string }>(
    pool,
    'last-output-with-files',
    `with r as (${RESULTS_OF_RUN})
     select r.said from r where json_typeof(r.data #> '{output,files}') = 'array'
      order by r.version desc limit 1`,
    [runId],
  );
  const [row] = rows;
  return row === undefined ? null : Json.parse(JsonObject.parse(JSON.parse(row.said)).output);
}
