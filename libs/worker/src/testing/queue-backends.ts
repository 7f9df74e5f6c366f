import { inject } from 'vitest';

/** Where the queues of a test can be. */
export function queueBackends(): readonly QueueBackend[] {
  const redisUrl = inject('redisUrl');
  return [
    { backend: 'Postgres', redisUrl: null, isAvailable: true },
    { backend: 'Redis', redisUrl, isAvailable: redisUrl !== null },
  ];
}

interface QueueBackend {
  readonly backend: 'Postgres' | 'Redis';
  /** Null stands for queues in the database. */
  readonly redisUrl: string | null;
  readonly isAvailable: boolean;
}
