import { type Actor, AGENT_WORKERS, SILENT_AFTER_MS, storableText, type WorkerAnnouncement } from '@baton/contracts';
import type { Pool } from 'pg';
import { one, query } from './pool.js';

/**
 * Writes down what a worker says of itself. Throws RetryableError `database-unreachable`.
 *
 * @returns whether somebody wants that it takes no more tasks
 */
export async function announceWorker(pool: Pool, announcement: WorkerAnnouncement): Promise<boolean> {
  const {
    workerId,
    kind,
    description,
    version,
    host,
    pid,
    concurrency,
    bundle,
    hasOwnDoor,
    looksAtRungs,
    input,
    output,
    tasks,
    isDraining,
    isStopped,
  } = announcement;
  const rows = await query<{ is_drain_wanted: boolean }>(
    pool,
    'announce-worker',
    `select baton.announce_worker($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22),
            baton.is_drain_wanted($1)`,
    [
      workerId,
      kind,
      storableText(description),
      storableText(version),
      storableText(host),
      pid,
      concurrency,
      schemaText(input),
      schemaText(output),
      isStopped,
      tasks.map(({ ordinal }) => ordinal),
      tasks.map(({ commandId }) => commandId),
      tasks.map(({ state }) => storableText(state)),
      tasks.map(({ dispatchNo }) => dispatchNo),
      tasks.map(({ begunMsAgo }) => begunMsAgo),
      tasks.map(({ endedMsAgo }) => endedMsAgo),
      tasks.map(({ beatMsAgo }) => beatMsAgo),
      tasks.map(({ note }) => (note === null ? null : storableText(note))),
      bundle,
      hasOwnDoor,
      isDraining,
      looksAtRungs,
    ],
  );
  return one(rows, 'announcement').is_drain_wanted;
}

/**
 * Asks a worker to take no more tasks, or takes that back: it hears of it with its next announcement.
 *
 * @returns false where there is no such worker, or it has stopped
 */
export async function drainWorker(
  pool: Pool,
  workerId: string,
  { by, isWanted }: { readonly by: Actor; readonly isWanted: boolean },
): Promise<boolean> {
  const rows = await query<{ drain_worker: boolean }>(pool, 'drain-worker', 'select baton.drain_worker($1, $2, $3)', [
    workerId,
    JSON.stringify(by),
    isWanted,
  ]);
  return one(rows, 'worker').drain_worker;
}

const schemaText = (schema: WorkerAnnouncement['input']): string | null =>
  schema === null ? null : storableText(JSON.stringify(schema));

/** How tasks get to a kind of worker, as all its living workers say. */
export interface KindOfWorker {
  readonly kind: string;
  /** So many as one job; 1 where each has to be a job of its own. */
  readonly bundle: number;
  readonly hasOwnDoor: boolean;
  /** Whether at least one of them looks there. */
  readonly someHaveOwnDoor: boolean;
  /** Whether all of them look there on every rung. */
  readonly looksAtRungs: boolean;
}

/** Every kind of which a worker is alive and takes tasks. */
export async function livingKinds(pool: Pool): Promise<readonly KindOfWorker[]> {
  const rows = await query<{
    kind: string;
    bundle: number;
    has_own_door: boolean;
    some_have: boolean;
    looks_at_rungs: boolean;
  }>(
    pool,
    'living-kinds',
    `select kind, min(bundle) as bundle, bool_and(has_own_door) as has_own_door,
            bool_or(has_own_door) as some_have, bool_and(looks_at_rungs) as looks_at_rungs from baton.worker
      where stopped_at is null and not is_draining and seen_at > statement_timestamp() - $1 * interval '1 millisecond'
      group by kind`,
    [SILENT_AFTER_MS],
  );
  return rows.map(({ kind, bundle, has_own_door, some_have, looks_at_rungs }) => ({
    kind,
    bundle,
    hasOwnDoor: has_own_door,
    someHaveOwnDoor: some_have,
    looksAtRungs: looks_at_rungs,
  }));
}

/**
 * Of the agents those of which a worker lives, also one that takes no more tasks for a while, and whether each such worker keeps to
 * what a run leaves its agents of tool servers. It is of the release that does where it looks at rungs: both came with the same.
 */
export async function agentsKeepingLimits(
  pool: Pool,
): Promise<readonly { readonly kind: string; readonly keepsLimits: boolean }[]> {
  const rows = await query<{ kind: string; keeps_limits: boolean }>(
    pool,
    'agents-keeping-limits',
    `select kind, bool_and(looks_at_rungs) as keeps_limits from baton.worker
      where kind = any($1) and stopped_at is null and seen_at > statement_timestamp() - $2 * interval '1 millisecond'
      group by kind order by kind`,
    [AGENT_WORKERS, SILENT_AFTER_MS],
  );
  return rows.map(({ kind, keeps_limits }) => ({ kind, keepsLimits: keeps_limits }));
}
