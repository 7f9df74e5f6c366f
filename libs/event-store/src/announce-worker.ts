import { SILENT_AFTER_MS, storableText, type WorkerAnnouncement } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** Writes down what a worker says of itself. Throws RetryableError `database-unreachable`. */
export async function announceWorker(pool: Pool, announcement: WorkerAnnouncement): Promise<void> {
  const { workerId, kind, description, version, host, pid, concurrency, bundle, input, output, tasks, isStopped } =
    announcement;
  await query(
    pool,
    'announce-worker',
    'select baton.announce_worker($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)',
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
    ],
  );
}

const schemaText = (schema: WorkerAnnouncement['input']): string | null =>
  schema === null ? null : storableText(JSON.stringify(schema));

/** How many tasks every living worker of a kind takes as one job, by kind; kinds that take no bundles are left out. */
export async function bundlesByKind(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const rows = await query<{ kind: string; bundle: number }>(
    pool,
    'bundles-by-kind',
    `select kind, min(bundle) as bundle from baton.worker
      where stopped_at is null and seen_at > statement_timestamp() - $1 * interval '1 millisecond'
      group by kind having min(bundle) > 1`,
    [SILENT_AFTER_MS],
  );
  return new Map(rows.map(({ kind, bundle }) => [kind, bundle]));
}
