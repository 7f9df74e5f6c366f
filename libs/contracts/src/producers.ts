import { z } from 'zod';

/**
 * Programs outside that put requests into `intake` themselves, each under a login of its own that can do nothing else: a role
 * of Postgres, or a user of Redis.
 */
export const ProducerName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower case letters and digits, with single dashes within')
  .max(40, 'must have at most 40 characters');
export type ProducerName = z.infer<typeof ProducerName>;

/** The role of Postgres that holds the rights of all of them; nobody logs in as it. */
export const PRODUCER_GROUP = 'baton_producer';

/** The role of Postgres, or the user of Redis. */
export const producerLogin = (name: ProducerName): string => `${PRODUCER_GROUP}_${name}`;

/** With what the ids of a producer's jobs begin, on Redis: it can write no other. */
export const producerJobPrefix = (name: ProducerName): string => `${name}-`;
