import { deferred, isConnectionLoss, REDIS_PREFIX } from '@baton/contracts';
import { type RedisClient, readRedisPlace, redisClient, redisOptions } from '@baton/servers';
import { Queue, Worker } from 'bullmq';
import { type MessagingLog, queueServerOf } from '../config.js';
import { roleOf } from '../queue-roles.js';
import { unreachable } from '../queue-server-errors.js';
import { within } from '../waiting.js';
import type { Backend, QueueJob } from './backend.js';
import { BothDoorsWorker, bothDoorsQueue, bothFlows, slotsOf } from './both-doors.js';
import { mind } from './mind.js';
import { isOfLane } from './own/message-store.js';
import { OwnWorker } from './own/own-worker.js';
import { redisStore } from './own/redis-store.js';
import { redisWords } from './own/redis-words.js';
import { queueTelemetry } from './queue-telemetry.js';
import { redisEnd } from './redis-end.js';
import { redisFlow } from './redis-flow.js';
import { jobStates } from './redis-job-states.js';

const EPOCH_KEY = `${REDIS_PREFIX}:epoch`;
const CONNECT_TIMEOUT_MS = 3_000;
const COMMAND_TIMEOUT_MS = 10_000;
/** BullMQ waits for ten seconds at most in one command. */
const BLOCKING_TIMEOUT_MS = 13_000;
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
  reconnectOnError: (error: Error) => error.message.includes("READONLY You can't write"),
});

/** All keys of a queue have to be in one slot of a cluster, since each script is about one queue. */
const inOneSlot = (queue: string): string => `{${queue}}`;
const asItIs = (queue: string): string => queue;

/**
 * One connection for all queues of the process, one that listens for its own door once it consumes, and two for each worker
 * that has BullMQ's door, which blocks on the second: all but those of lanes.
 */
export function openRedis(url: string, name: string, log: MessagingLog): Backend {
  const endpoint = queueServerOf({ backend: 'redis', url });
  const place = readRedisPlace(url);
  const named = place.kind === 'cluster' ? inOneSlot : asItIs;
  // Fails at once while the server is away, so that a publisher hears of it instead of filling a buffer.
  const shared = redisClient(url, {
    ...connectionOptions(name),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    // A connection whose other end is gone without a word answers no command: it is given up, where otherwise only each command is.
    socketTimeout: COMMAND_TIMEOUT_MS,
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
  const ears = redisClient(url, {
    ...connectionOptions(`${name}-ears`),
    maxRetriesPerRequest: null,
    lazyConnect: true,
    socketTimeout: COMMAND_TIMEOUT_MS,
  });
  ears.on('error', (error) => log.debug({ endpoint, err: error }, 'redis connection error'));
  const leaveEars = mind(ears, () => ears.ping());
  const own = redisStore(shared, ears, named);

  const blocking = { maxRetriesPerRequest: null, socketTimeout: BLOCKING_TIMEOUT_MS };
  let ofWorkers: RedisClient | null = null;
  /**
   * Options instead of a connection: the worker then owns both of its connections and closes them. To a cluster BullMQ makes
   * none by itself: there all share one, and each duplicates it for what it blocks on.
   */
  const connectionOfWorker = (queue: string) => {
    if (place.kind !== 'cluster') return redisOptions(place, { ...connectionOptions(`${name}-${queue}`), ...blocking });
    if (ofWorkers === null) {
      ofWorkers = redisClient(url, { ...connectionOptions(`${name}-workers`), ...blocking });
      ofWorkers.on('error', (error) => log.debug({ endpoint, err: error }, 'redis connection error'));
    }
    return ofWorkers;
  };

  return {
    endpoint,
    async ping() {
      await awaitConnection();
      await shared.ping();
    },
    awaitConnection,
    openQueue: (queue) =>
      bothDoorsQueue(
        new Queue(named(queue), {
          connection: shared,
          prefix: REDIS_PREFIX,
          streams: { events: { maxLen: EVENT_HISTORY } },
          ...queueTelemetry(),
        }),
        queue,
        own,
      ),
    put: (queue, messages) => own.put(queue, messages),
    alongside: async () => null,
    withdraw: (queue, jobIds) => own.withdraw(queue, jobIds),
    flow: async (queue) =>
      isOfLane(queue)
        ? own.flow(queue)
        : bothFlows(...(await Promise.all([own.flow(queue), redisFlow(shared, named(queue))]))),
    words: redisWords(shared, ears),
    prepareBulk: async () => {},
    jobStates: async (queue, jobIds) =>
      new Map([...(await jobStates(shared, named(queue), jobIds)), ...(await own.states(queue, jobIds))]),
    storable: (data) => data,
    openWorker(queue, processor, settings) {
      const slots = slotsOf(settings.concurrency);
      const process = slots.within(processor);
      const ours = new OwnWorker(queue, process, settings, { store: own, room: slots.free });
      if (isOfLane(queue)) return ours;
      const take = (job: QueueJob, token: string) => process(job, token).finally(() => ours.ring());
      const worker = new Worker(named(queue), async (job, token) => take(job, token ?? ''), {
        ...settings,
        autorun: false,
        connection: connectionOfWorker(queue),
        prefix: REDIS_PREFIX,
        ...queueTelemetry(),
        removeOnComplete: { age: roleOf(queue).keepCompletedSeconds, count: roleOf(queue).keepCompletedCount },
      });
      // While it blocks on one of its connections it asks nothing on the other.
      const leave = worker.getBackend().client.then((client) => mind(client, () => client.get(EPOCH_KEY)));
      leave.catch(() => {});
      worker.once('closed', () => void leave.then((end) => end()).catch(() => {}));
      return new BothDoorsWorker(worker, ours, slots);
    },
    retention: (age, count) => ({ age, count }),
    readEpoch: () => shared.get(EPOCH_KEY),
    async writeEpoch(value) {
      await shared.set(EPOCH_KEY, value);
    },
    replaceEpoch: async (expected, next) => (await shared.eval(REPLACE_EPOCH, 1, EPOCH_KEY, expected, next)) === 1,
    ...redisEnd(shared),
    async close() {
      leaveEars();
      if (ears.status === 'ready')
        await within(
          COMMAND_TIMEOUT_MS,
          ears.quit().catch(() => {}),
        );
      ears.disconnect();
      ofWorkers?.disconnect();
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
