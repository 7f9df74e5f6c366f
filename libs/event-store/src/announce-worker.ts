import { storableText, type WorkerAnnouncement } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** Writes down what a worker says of itself. Throws RetryableError `database-unreachable`. */
export async function announceWorker(pool: Pool, announcement: WorkerAnnouncement): Promise<void> {
  const { workerId, kind, description, version, host, pid, concurrency, input, output, tasks, isStopped } =
    announcement;
  await query(
    pool,
    'announce-worker',
    'select baton.announce_worker($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)',
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
    ],
  );
}

const schemaText = (schema: WorkerAnnouncement['input']): string | null =>
  schema === null ? null : storableText(JSON.stringify(schema));
