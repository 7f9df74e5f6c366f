import type { RedisServer } from '@baton/test-stack';

export interface RedisFigures {
  /** Commands, those within scripts and the scripts themselves alike. */
  readonly commands: readonly { readonly name: string; readonly calls: number; readonly ms: number }[];
  /** How often the server read from a socket, and wrote to one: a pipeline is read at once. */
  readonly reads: number;
  readonly writes: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface RedisWatch {
  readonly stop: () => Promise<RedisFigures>;
}

/** Counts from now on what a Redis is told. */
export async function watchRedis(redis: RedisServer): Promise<RedisWatch> {
  const before = await lookAt(redis);
  return {
    async stop() {
      const after = await lookAt(redis);
      const stat = (field: string): number => Number(after.stats.get(field)) - Number(before.stats.get(field));
      const commands = [...after.commands].map(([name, { calls, ms }]) => {
        const then = before.commands.get(name) ?? { calls: 0, ms: 0 };
        return { name, calls: calls - then.calls, ms: ms - then.ms };
      });
      return {
        commands: commands.filter(({ calls }) => calls > 0).toSorted((a, b) => b.ms - a.ms),
        reads: stat('total_reads_processed'),
        writes: stat('total_writes_processed'),
        bytesIn: stat('total_net_input_bytes'),
        bytesOut: stat('total_net_output_bytes'),
      };
    },
  };
}

async function lookAt(redis: RedisServer) {
  return { commands: readCommandStats(await redis.info('commandstats')), stats: await redis.info('stats') };
}

/** `cmdstat_get` → `calls=3,usec=12,…` */
export function readCommandStats(
  info: ReadonlyMap<string, string>,
): ReadonlyMap<string, { readonly calls: number; readonly ms: number }> {
  return new Map(
    [...info].map(([field, value]) => {
      const count = (name: string): number => Number(new RegExp(`(?:^|,)${name}=(\\d+)`).exec(value)?.[1] ?? 0);
      return [field.replace(/^cmdstat_/, ''), { calls: count('calls'), ms: count('usec') / 1000 }];
    }),
  );
}
