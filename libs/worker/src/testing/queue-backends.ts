import { inject } from 'vitest';

/**
 * Where the queues of a test can be. Files run side by side: each takes a database of the Redis for itself, by a number
 * that no other file uses.
 */
export function queueBackends(redisDatabase: number): readonly QueueBackend[] {
  const redisUrl = inject('redisUrl');
  return [
    { backend: 'Postgres', redisUrl: null, isAvailable: true },
    { backend: 'Redis', redisUrl: databaseOf(redisUrl, redisDatabase), isAvailable: redisUrl !== null },
  ];
}

interface QueueBackend {
  readonly backend: 'Postgres' | 'Redis';
  /** Null stands for queues in the database. */
  readonly redisUrl: string | null;
  readonly isAvailable: boolean;
}

function databaseOf(redisUrl: string | null, database: number): string | null {
  if (redisUrl === null) return null;
  const url = new URL(redisUrl);
  url.pathname = `/${database}`;
  return url.href;
}
