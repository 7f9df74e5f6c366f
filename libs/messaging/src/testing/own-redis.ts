import { REDIS_PREFIX } from '@baton/contracts';
import { Redis } from 'ioredis';

/**
 * A database of the Redis of a run, with nothing of Baton in it. Each worker of the runner has one of its own, and its files
 * run one after the other: a number that is written into each file is sooner or later written into two of them, and one
 * then wipes what the other just sent.
 */
export async function ownRedis(serverUrl: string): Promise<string> {
  const url = new URL(serverUrl);
  url.pathname = `/${process.env.VITEST_POOL_ID ?? '1'}`;
  await wipeRedis(url.href);
  return url.href;
}

/** Takes away what is Baton's, at once, and no more: the server may be one that somebody uses for other things, too. */
export async function wipeRedis(url: string): Promise<void> {
  const client = new Redis(url);
  try {
    const keys = new Set<string>();
    for await (const some of client.scanStream({ match: `${REDIS_PREFIX}:*`, count: 1_000 })) {
      for (const key of some) keys.add(key);
    }
    if (keys.size > 0) await client.unlink([...keys]);
  } finally {
    client.disconnect();
  }
}
