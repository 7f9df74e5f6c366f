import { INTAKE_QUEUE, intakeMessages, resultMessages, resultsQueues } from '@baton/contracts';
import type { MessagingConfig, ServedQueue } from '@baton/messaging';

/** Queues are on Redis when its URL is set, otherwise in the database. */
export const queuesOf = (env: {
  readonly DATABASE_URL: string;
  readonly REDIS_URL?: string | undefined;
}): MessagingConfig =>
  env.REDIS_URL === undefined
    ? { backend: 'postgres', url: env.DATABASE_URL }
    : { backend: 'redis', url: env.REDIS_URL };

export const servedQueues = (concurrency: number): readonly ServedQueue[] => [
  { queue: INTAKE_QUEUE, messages: intakeMessages, concurrency },
  ...resultsQueues().map((queue) => ({ queue, messages: resultMessages, concurrency })),
];
