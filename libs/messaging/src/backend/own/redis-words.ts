import { REDIS_PREFIX } from '@baton/contracts';
import type { Redis } from 'ioredis';
import type { Words } from '../backend.js';

const channelOf = (topic: string): string => `${REDIS_PREFIX}:said:${topic}`;

/** @param ears a connection that does nothing but listen */
export function redisWords(redis: Redis, ears: Redis): Words {
  const hearers = new Map<string, Set<(text: string) => void>>();
  ears.on('message', (channel, text) => {
    for (const hear of hearers.get(channel) ?? []) hear(text);
  });
  return {
    async tell(topic, text) {
      await redis.publish(channelOf(topic), text);
    },
    async hear(topic, take) {
      const channel = channelOf(topic);
      const others = hearers.get(channel) ?? new Set();
      hearers.set(channel, others.add(take));
      const stop = (): void => {
        others.delete(take);
        if (others.size > 0 || hearers.get(channel) !== others) return;
        hearers.delete(channel);
        ears.unsubscribe(channel).catch(() => {});
      };
      try {
        await ears.subscribe(channel);
      } catch (thrown) {
        stop();
        throw thrown;
      }
      return stop;
    },
  };
}
