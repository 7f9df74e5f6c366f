import { BatonError, deferred, isConnectionLoss, REDIS_PREFIX } from '@baton/contracts';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { type MessagingLog, queueServerOf } from '../config.js';
import { roleOf } from '../queue-roles.js';
import { notThere, refused, unreachable } from '../queue-server-errors.js';
import { within } from '../waiting.js';
import type { Backend, QueueJob } from './backend.js';
import { BothDoorsWorker, bothDoorsQueue, bothFlows, slotsOf } from './both-doors.js';
import { isOfLane } from './own/message-store.js';
import { OwnWorker } from './own/own-worker.js';
import { redisStore } from './own/redis-store.js';
import { redisWords } from './own/redis-words.js';
import { redisFlow } from './redis-flow.js';
import { jobStates } from './redis-job-states.js';

const EPOCH_KEY = `${REDIS_PREFIX}:epoch`;
const CONNECT_TIMEOUT_MS = 3_000;
const COMMAND_TIMEOUT_MS = 10_000;
/** Covers a reconnect after a short break; what lasts longer is reported. */
const RECONNECT_PATIENCE_MS = 500;
/** The history of BullMQ's event stream; Baton does not read it, people with a dashboard may. */
const EVENT_HISTORY = 1_000;

const REPLACE_EPOCH = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2]) return 1 end return 0`;

const connectionOptions = (name: string) => ({
  connectionName: `baton-${name}`,
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: (times: number): number | null => Math.min(times * 100, 2_000),
  // After a failover the old connection may lead to a replica: a new one finds the primary.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
});

/**
 * Connects once, without retries, and refuses a server that may evict keys.
 * @throws BatonError `queue-unreachable`, `queue-refused`, `redis-evicting-policy`
 */
export async function checkRedis(url: string): Promise<void> {
  const endpoint = queueServerOf({ backend: 'redis', url });
  const client = new Redis(url, {
    ...connectionOptions('check'),
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
  });
  // `connect` rejects with a bare "Connection is closed"; the reason comes by this event.
  let reason: unknown;
  client.on('error', (error) => {
    reason = error;
  });
  try {
    await client.connect();
    assertNoEviction(await client.info('memory'), endpoint);
  } catch (error) {
    if (error instanceof BatonError) throw error;
    const cause = reason ?? error;
    throw isConnectionLoss(cause) ? notThere(endpoint, cause) : refused(endpoint, cause);
  } finally {
    client.disconnect();
  }
}

function assertNoEviction(memoryInfo: string, endpoint: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(memoryInfo)?.[1];
  // Servers that only speak the protocol may not report one.
  if (policy === undefined || policy === 'noeviction') return;
  throw new BatonError(`The ${endpoint} may drop queued messages: its maxmemory-policy is ${policy}.`, {
    code: 'redis-evicting-policy',
    next: 'Set it with `redis-cli CONFIG SET maxmemory-policy noeviction` and write `maxmemory-policy noeviction` into redis.conf.',
  });
}

/**
 * One connection for all queues of the process, one that listens for its own door once it consumes, and two for each worker
 * that has BullMQ's door, which blocks on the second: all but those of lanes.
 */
export function openRedis(url: string, name: string, log: MessagingLog): Backend {
  const endpoint = queueServerOf({ backend: 'redis', url });
  // Fails at once while the server is away, so that a publisher hears of it instead of filling a buffer.
  const shared = new Redis(url, {
    ...connectionOptions(name),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });
  shared.on('error', (error) => log.debug({ endpoint, err: error }, 'redis connection error'));
  const awaitConnection = async (): Promise<void> => {
    if (shared.status === 'ready') return;
    const ready = deferred<void>();
    shared.once('ready', ready.resolve);
    try {
      if ((await within(RECONNECT_PATIENCE_MS, ready.promise)) === undefined) throw unreachable(endpoint, undefined);
    } finally {
      shared.off('ready', ready.resolve);
    }
  };

  // Comes back by itself, and to the channels that it had. Who only sends needs none.
  const ears = new Redis(url, { ...connectionOptions(`${name}-ears`), maxRetriesPerRequest: null, lazyConnect: true });
  ears.on('error', (error) => log.debug({ endpoint, err: error }, 'redis connection error'));
  const own = redisStore(shared, ears);

  return {
    endpoint,
    async ping() {
      await awaitConnection();
      await shared.ping();
    },
    awaitConnection,
    openQueue: (queue) =>
      bothDoorsQueue(
        new Queue(queue, {
          connection: shared,
          prefix: REDIS_PREFIX,
          streams: { events: { maxLen: EVENT_HISTORY } },
        }),
        queue,
        own,
      ),
    put: (queue, messages) => own.put(queue, messages),
    withdraw: (queue, jobIds) => own.withdraw(queue, jobIds),
    flow: async (queue) =>
      isOfLane(queue)
        ? own.flow(queue)
        : bothFlows(...(await Promise.all([own.flow(queue), redisFlow(shared, queue)]))),
    words: redisWords(shared, ears),
    prepareBulk: async () => {},
    jobStates: async (queue, jobIds) =>
      new Map([...(await jobStates(shared, queue, jobIds)), ...(await own.states(queue, jobIds))]),
    storable: (data) => data,
    openWorker(queue, processor, settings) {
      const slots = slotsOf(settings.concurrency);
      const process = slots.within(processor);
      const ours = new OwnWorker(queue, process, settings, { store: own, room: slots.free });
      if (isOfLane(queue)) return ours;
      const take = (job: QueueJob, token: string) => process(job, token).finally(() => ours.ring());
      const worker = new Worker(queue, async (job, token) => take(job, token ?? ''), {
        ...settings,
        autorun: false,
        // Options instead of a connection: the worker then owns both of its connections and closes them.
        connection: { ...connectionOptions(`${name}-${queue}`), url, maxRetriesPerRequest: null },
        prefix: REDIS_PREFIX,
        removeOnComplete: { age: roleOf(queue).keepCompletedSeconds, count: roleOf(queue).keepCompletedCount },
      });
      return new BothDoorsWorker(worker, ours, slots);
    },
    retention: (age, count) => ({ age, count }),
    readEpoch: () => shared.get(EPOCH_KEY),
    async writeEpoch(value) {
      await shared.set(EPOCH_KEY, value);
    },
    replaceEpoch: async (expected, next) => (await shared.eval(REPLACE_EPOCH, 1, EPOCH_KEY, expected, next)) === 1,
    async close() {
      if (ears.status === 'ready')
        await within(
          COMMAND_TIMEOUT_MS,
          ears.quit().catch(() => {}),
        );
      ears.disconnect();
      try {
        await shared.quit();
      } catch (error) {
        if (!isConnectionLoss(error)) throw error;
      } finally {
        shared.disconnect();
      }
    },
  };
}
