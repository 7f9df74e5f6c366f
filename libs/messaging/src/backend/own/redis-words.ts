import { REDIS_PREFIX } from '@baton/contracts';
import type { RedisClient } from '@baton/servers';
import type { Words } from '../backend.js';
import { redisChannels } from './redis-channels.js';

const channelOf = (topic: string): string => `${REDIS_PREFIX}:said:${topic}`;

/** @param ears a connection that does nothing but listen */
export function redisWords(redis: RedisClient, ears: RedisClient): Words {
  const hearers = redisChannels<(text: string) => void>(ears);
  ears.on('message', (channel, text) => {
    for (const hear of hearers.of(channel)) hear(text);
  });
  return {
    async tell(topic, text) {
      await redis.publish(channelOf(topic), text);
    },
    hear: (topic, take) => hearers.add(channelOf(topic), take),
  };
}
