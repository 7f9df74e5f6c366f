import { RedisServer, redisProgram, Stack } from '@baton/test-stack';
import { BenchError } from '../leave-nothing.js';

export interface ChaosStack {
  readonly stack: Stack;
  /** Null where the queues are on Postgres. */
  readonly redis: RedisServer | null;
}

export async function startRedis(): Promise<RedisServer> {
  const program = redisProgram();
  if (program === null) throw new BenchError('--redis needs a redis-server or valkey-server on the PATH');
  return RedisServer.start(program);
}

/** Gives the exit code of the work; a failure shows what the stack said last. */
export async function withStack(
  options: { readonly isOnRedis: boolean; readonly args?: readonly string[]; readonly env?: Record<string, string> },
  work: (given: ChaosStack) => Promise<number>,
): Promise<number> {
  const redis = options.isOnRedis ? await startRedis() : null;
  try {
    const env = { ...options.env, ...(redis === null ? {} : { REDIS_URL: redis.url }) };
    const stack = await Stack.start({ env, args: options.args ?? [] });
    try {
      return await work({ stack, redis });
    } catch (error) {
      process.stderr.write(`${String(error)}\n${stack.output}\n`);
      return 1;
    } finally {
      await stack.stop();
    }
  } finally {
    await redis?.stop();
  }
}
