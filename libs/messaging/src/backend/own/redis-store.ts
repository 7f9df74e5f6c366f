import { createHash } from 'node:crypto';
import { REDIS_PREFIX } from '@baton/contracts';
import type { RedisClient } from '@baton/servers';
import { z } from 'zod';
import type { MessageStore, TakenMessage } from './message-store.js';
import { redisChannels } from './redis-channels.js';
import { COUNTS, FINISH_AND_TAKE, FLOW, NOTE_DONE, PUT, RELEASE, RENEW, STATES, WITHDRAW } from './redis-scripts.js';

const Texts = z.array(z.string());
const Numbers = z.tuple([z.number(), z.number(), z.number()]);
/** What the scripts say of a flow: the age of the oldest, or -1 where nothing waits, and how many were done. */
export const Flow = z
  .tuple([z.number(), z.number()])
  .transform(([oldestMs, doneLastMinute]) => ({ oldestMs: oldestMs < 0 ? null : oldestMs, doneLastMinute }));

/** What is due later is found by looking. */
const MOST_AHEAD_MS = 60_000;
const FIELDS = 8;

/** By its hash where the server knows it. */
async function runScript(
  redis: RedisClient,
  script: string,
  key: string,
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(hashOf(script), 1, key, ...args);
  } catch (thrown) {
    if (!(thrown instanceof Error && thrown.message.startsWith('NOSCRIPT'))) throw thrown;
    return redis.eval(script, 1, key, ...args);
  }
}

const hashes = new Map<string, string>();
function hashOf(script: string): string {
  const known = hashes.get(script) ?? createHash('sha1').update(script).digest('hex');
  hashes.set(script, known);
  return known;
}

/**
 * @param ears a connection that does nothing but listen
 * @param named what a queue is called on this server
 */
export function redisStore(
  redis: RedisClient,
  ears: RedisClient,
  named = (queue: string): string => queue,
): MessageStore {
  // The key under which a queue's own part stands, and the channel on which it rings.
  const keyOf = (queue: string): string => `${REDIS_PREFIX}:own:${named(queue)}`;
  const run = (script: string, queue: string, args: readonly (string | number)[]): Promise<unknown> =>
    runScript(redis, script, keyOf(queue), args);
  const bells = redisChannels<() => void>(ears);
  const takers = new Map<string, (messages: readonly TakenMessage[]) => void>();
  const ring = (channel: string): void => {
    for (const each of bells.of(channel)) each();
  };
  ears.on('message', (channel, text) => {
    const taker = takers.get(channel);
    if (taker !== undefined) return taker(handedOver(text));
    const afterMs = Number(text);
    if (!(afterMs > 0)) ring(channel);
    else if (afterMs <= MOST_AHEAD_MS) setTimeout(() => ring(channel), afterMs).unref();
  });
  // What was put in while nobody listened.
  ears.on('ready', () => {
    for (const channel of bells.names()) ring(channel);
  });

  return {
    async put(queue, messages) {
      const args = messages.flatMap(({ jobId, name, data, priority, delayMs }) => [
        jobId,
        name,
        data,
        priority,
        delayMs,
      ]);
      await run(PUT, queue, args);
    },
    async finishAndTake(queue, { holder, done, want, leaseMs, waitMs = 0, firstRung = 0 }) {
      const asked = [holder, leaseMs, want, waitMs, firstRung, ...done];
      return allTakenOf(Texts.parse(await run(FINISH_AND_TAKE, queue, asked)));
    },
    async renew(queue, { holder, ids, leaseMs }) {
      return new Set(Texts.parse(await run(RENEW, queue, [holder, leaseMs, ...ids])));
    },
    async release(queue, { holder, id, delayMs, isFailure }) {
      await run(RELEASE, queue, [holder, id, delayMs, isFailure ? 1 : 0]);
    },
    async withdraw(queue, jobIds) {
      return new Set(Texts.parse(await run(WITHDRAW, queue, jobIds)));
    },
    async states(queue, jobIds) {
      const found = Texts.parse(await run(STATES, queue, jobIds));
      return new Map(jobIds.flatMap((jobId, n) => (found[n] ? [[jobId, found[n]] as const] : [])));
    },
    async counts(queue) {
      const [waiting, delayed, active] = Numbers.parse(await run(COUNTS, queue, [0]));
      return { waiting, delayed, active };
    },
    async overdue(queue, forMs) {
      return Numbers.parse(await run(COUNTS, queue, [Math.floor(forMs)]))[0];
    },
    async noteDone(queue, count) {
      await run(NOTE_DONE, queue, [count]);
    },
    flow: async (queue) => Flow.parse(await run(FLOW, queue, [])),
    async handOver(queue, holder, take) {
      const channel = `${keyOf(queue)}>${holder}`;
      takers.set(channel, take);
      const stop = async (): Promise<void> => {
        // What was sent before is heard until then.
        await ears.unsubscribe(channel).catch(() => {});
        takers.delete(channel);
      };
      try {
        await ears.subscribe(channel);
      } catch (thrown) {
        await stop();
        throw thrown;
      }
      return stop;
    },
    listen: (queue, bell) => bells.add(keyOf(queue), bell),
  };
}

/** What somebody else says there is nothing: the next look asks. */
function handedOver(text: string): readonly TakenMessage[] {
  try {
    return allTakenOf(Texts.parse(JSON.parse(text)));
  } catch {
    return [];
  }
}

const allTakenOf = (values: readonly string[]): readonly TakenMessage[] =>
  Array.from({ length: values.length / FIELDS }, (_, n) => takenOf(values.slice(n * FIELDS, (n + 1) * FIELDS)));

function takenOf(values: readonly string[]): TakenMessage {
  const [id = '', name = '', data = '', ...counts] = values;
  const [priority = 0, failures = 0, deliveries = 0, stalls = 0, waitedMs = 0] = counts.map(Number);
  return { id, jobId: id, name, data, priority, failures, deliveries, stalls, waitedMs };
}
