import type { RedisClient } from '@baton/servers';

/**
 * Who listens on which channel of a connection that does nothing but listen. A channel is subscribed to by its first listener, and
 * left by its last.
 */
export function redisChannels<T>(ears: RedisClient) {
  const listeners = new Map<string, Set<T>>();
  return {
    of: (channel: string): Iterable<T> => listeners.get(channel) ?? [],
    names: (): Iterable<string> => listeners.keys(),
    /** Gives what ends it. */
    async add(channel: string, listener: T): Promise<() => void> {
      const others = listeners.get(channel) ?? new Set();
      listeners.set(channel, others.add(listener));
      const stop = (): void => {
        others.delete(listener);
        if (others.size > 0 || listeners.get(channel) !== others) return;
        listeners.delete(channel);
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
