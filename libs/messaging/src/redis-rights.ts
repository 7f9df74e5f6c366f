import { REDIS_PREFIX } from '@baton/contracts';

/**
 * The least that a user of Redis needs under whom Baton's own processes work, as rules of `ACL SETUSER`: its keys and channels,
 * and of them to read, write and wait for; the clock, what the server says of itself (its version, and whether it may evict), and
 * scripts. What is dangerous is not among it: FLUSHALL, KEYS, CONFIG, ACL, DEBUG. Held to by a test in which the server notes what it refused.
 *
 * Beside it `+acl` is for whoever makes producers: that is who has REDIS_URL where the orchestrator runs.
 */
export const REDIS_RIGHTS = [
  `~${REDIS_PREFIX}:*`,
  'resetchannels',
  `&${REDIS_PREFIX}:*`,
  '-@all',
  '+@read',
  '+@write',
  '+@pubsub',
  '+@connection',
  '+@transaction',
  '+eval',
  '+evalsha',
  '+script|load',
  '+time',
  '-@dangerous',
  '+info',
] as const;
