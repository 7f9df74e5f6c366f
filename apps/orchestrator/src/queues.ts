import {
  INTAKE_QUEUE,
  intakeMessages,
  laneResultsQueue,
  laneResultsQueues,
  resultMessages,
  resultsQueues,
} from '@baton/contracts';
import type { MessagingConfig } from '@baton/messaging';
import type { BullMqServer, ServedQueue } from '@baton/queue-service';

/** Queues are on Redis when its URL is set, otherwise in the database. */
export const queuesOf = (env: {
  readonly DATABASE_URL: string;
  readonly BATON_DATABASE_DIRECT_URL?: string | undefined;
  readonly REDIS_URL?: string | undefined;
}): MessagingConfig =>
  env.REDIS_URL === undefined
    ? { backend: 'postgres', url: env.BATON_DATABASE_DIRECT_URL ?? env.DATABASE_URL }
    : { backend: 'redis', url: env.REDIS_URL };

/** Of the queues of lanes, those whose lanes have no other process: see `serveLanes`. */
export const servedQueues = (concurrency: number): readonly ServedQueue[] => [
  { queue: INTAKE_QUEUE, messages: intakeMessages, concurrency },
  ...resultsQueues().map((queue) => ({ queue, messages: resultMessages, concurrency })),
  ...laneResultsQueues().map((queue) => ({ queue, messages: resultMessages, concurrency, isResting: true })),
];

/**
 * Takes the results of the own lane, and of lanes with tasks that are out and a process that gave them back or was not heard
 * lately. Where that lives both take them, and nothing is done twice: a result has one token.
 */
export async function serveLanes(
  server: Pick<BullMqServer, 'wake' | 'rest'>,
  own: number,
  lanesLeftBehind: () => Promise<readonly number[]>,
): Promise<void> {
  const served = new Set([own, ...(await lanesLeftBehind())].map(laneResultsQueue));
  for (const queue of laneResultsQueues()) {
    if (served.has(queue)) server.wake(queue);
    else await server.rest(queue);
  }
}
