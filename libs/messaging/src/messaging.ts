import {
  type Alongside,
  BUNDLE,
  BUNDLE_LIMIT_BYTES,
  type CutSecrets,
  inOrder,
  isConnectionLoss,
  type JsonObject,
  TerminalError,
} from '@baton/contracts';
import type { Backend, BulkJob, JobQueue, NewMessage, QueueFlow } from './backend/backend.js';
import { checkRedis } from './backend/check-redis.js';
import { isOwn } from './backend/own/message-store.js';
import { checkPostgres, openPostgres, preparePostgres } from './backend/postgres.js';
import { openRedis } from './backend/redis.js';
import { assertUrl, type MessagingConfig, type MessagingLog, type MessagingOptions, silentLog } from './config.js';
import { roleOf } from './queue-roles.js';
import { unreachable } from './queue-server-errors.js';
import { within } from './waiting.js';

/** BullMQ sends a bulk as one pipeline or one statement; larger ones block the server for others. */
const CHUNK = 500;
const STATES_CHUNK = 1_000;
/** What hubs tell of the ends of runs: ids with a space between, as many as a channel of Postgres carries. */
const ENDS = 'ends';
const ENDS_AT_ONCE = 200;
/** What a hub says that is about to end: the number of its lane. */
const LANES = 'lanes';
const ANSWER_TIMEOUT_MS = 15_000;
const POSTGRES_CONNECTIONS = 6;

/** A message to send. The same `jobId` is taken once, as long as the queue remembers it. */
export interface OutgoingJob {
  readonly jobId: string;
  readonly name: string;
  readonly data: JsonObject;
  readonly delayMs?: number;
  /** 0, the most urgent, to 3, with its rung: see `onRung`. */
  readonly priority?: number;
}

export interface PublishOptions {
  /** Through the door that only Baton's own processes look at: every consumer must be one of them. */
  readonly via?: 'own-door' | undefined;
}

export type JobState = 'waiting' | 'active' | 'delayed' | 'completed' | 'failed' | 'unknown';

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly completed: number;
  readonly failed: number;
}

/**
 * What puts a task that is due at once behind the own door of its queue, as part of a transaction on the database of the queues.
 * @throws TerminalError `message-too-large`
 */
export type TaskAlongside = (queue: string, job: OutgoingJob) => Alongside;

/** The queues of one process. All methods throw RetryableError `queue-unreachable` while the server is away. */
export interface Messaging {
  readonly backend: Backend;
  readonly log: MessagingLog;
  readonly cut: CutSecrets;
  /**
   * Sends in order, in chunks of 500. When it throws some jobs may have been sent: send all again, job ids make that harmless.
   * @throws TerminalError `message-too-large`, before anything is sent
   */
  publish(queue: string, jobs: readonly OutgoingJob[], options?: PublishOptions): Promise<void>;
  /** Null where the queues are in no database, or hubs may not yet. */
  alongside(): Promise<TaskAlongside | null>;
  /**
   * Takes messages back that stand behind the door of Baton's own processes and that nobody has in work:
   * those may be sent through the other one. Gives the ids of those that it took.
   */
  withdraw(queue: string, jobIds: readonly string[]): Promise<ReadonlySet<string>>;
  jobState(queue: string, jobId: string): Promise<JobState>;
  /** The states of many jobs of a queue, in one request for a thousand. */
  jobStates(queue: string, jobIds: readonly string[]): Promise<ReadonlyMap<string, JobState>>;
  counts(queue: string): Promise<QueueCounts>;
  flow(queue: string): Promise<QueueFlow>;
  /**
   * Tells whoever listens at this moment which runs have ended. A hint: it may be missed, and nothing that has to be rests on it.
   * Does not throw.
   */
  tellEnds(runIds: readonly string[]): void;
  /** Calls `take` with the runs that a hub tells of, until the function that it gives is called. */
  hearEnds(take: (runIds: readonly string[]) => void): Promise<() => void>;
  /** Tells the hubs that listen at this moment that a lane was given away. A hint, as `tellEnds`: does not throw. */
  tellLane(lane: number): Promise<void>;
  /** Calls `take` with each lane that a hub gives away, until the function that it gives is called. */
  hearLanes(take: (lane: number) => void): Promise<() => void>;
  /** BullMQ's own queue, for what this interface does not cover. */
  queue(name: string): Promise<JobQueue>;
  /** Stop the consumers first. Called again it waits for the same close. */
  close(): Promise<void>;
}

/**
 * Makes the queue server ready for Baton; to be called before the services start, by any number of processes.
 * @throws BatonError `redis-evicting-policy`, `queue-unreachable`, `queue-refused`, `queue-url-invalid`, `migration-held-up`
 */
export async function prepareQueues(config: MessagingConfig): Promise<void> {
  assertUrl(config);
  if (config.backend === 'redis') await checkRedis(config.url);
  else await preparePostgres(config.url);
}

/**
 * Opens the queues of this process.
 * @throws BatonError `redis-evicting-policy`, `queue-unreachable`, `queue-refused`, `queue-url-invalid`, `queues-not-prepared`
 */
export async function openMessaging(config: MessagingConfig, options: MessagingOptions): Promise<Messaging> {
  const log = options.log ?? silentLog;
  const cut = options.cut ?? ((text) => text);
  const backend = await openBackend(config, options, log);
  await backend.ping();
  const queues = new Map<string, Promise<JobQueue>>();

  const openQueue = async (name: string): Promise<JobQueue> => {
    const queue = backend.openQueue(name);
    queue.on('error', (error: Error) => log.debug({ queue: name, err: error }, 'queue error'));
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      // On Postgres a queue that was opened while the server was away never becomes ready: forget it.
      queues.delete(name);
      await queue.close().catch(() => {});
      throw error;
    }
  };
  const queueOf = (name: string): Promise<JobQueue> => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const opened = openQueue(name);
    queues.set(name, opened);
    // One that cannot even be made must not be remembered for good.
    opened.catch(() => {
      if (queues.get(name) === opened) queues.delete(name);
    });
    return opened;
  };
  /** Bounds the wait, and tells a lost server from a wrong request. */
  const ask = <T>(name: string, request: (queue: JobQueue) => Promise<T>): Promise<T> =>
    answered(() => queueOf(name).then(request));
  const answered = async <T>(request: () => Promise<T>): Promise<T> => {
    try {
      await backend.awaitConnection();
      const answer = await within(ANSWER_TIMEOUT_MS, request());
      if (answer !== undefined) return answer.value;
    } catch (error) {
      throw isConnectionLoss(error) ? unreachable(backend.endpoint, error) : error;
    }
    throw unreachable(backend.endpoint, undefined);
  };

  let closed: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    const opened = await Promise.allSettled(queues.values());
    for (const queue of opened) if (queue.status === 'fulfilled') await queue.value.close().catch(() => {});
    await backend.close();
  };

  return {
    backend,
    log,
    cut,
    queue: queueOf,
    async publish(queueName, jobs, { via = config.via } = {}) {
      if (via === 'own-door' || isOwn(queueName)) {
        const messages = jobs.map((job) => toMessage(queueName, job, cut));
        for (let from = 0; from < messages.length; from += CHUNK) {
          await answered(() => backend.put(queueName, messages.slice(from, from + CHUNK)));
        }
        return;
      }
      const bulk = jobs.map((job) => toBulkJob(queueName, job, cut, backend));
      for (let from = 0; from < bulk.length; from += CHUNK) {
        const chunk = bulk.slice(from, from + CHUNK);
        await ask(queueName, (queue) => addAll(queue, chunk, () => backend.prepareBulk(queueName)));
      }
    },
    async alongside() {
      const put = await answered(() => backend.alongside());
      return put === null ? null : (queueName, job) => put(queueName, toMessage(queueName, job, cut));
    },
    withdraw: (queueName, jobIds) => answered(() => backend.withdraw(queueName, jobIds)),
    jobState: (queueName, jobId) => ask(queueName, async (queue) => toJobState(await queue.getJobState(jobId))),
    async jobStates(queueName, jobIds) {
      const states = new Map<string, JobState>(jobIds.map((jobId) => [jobId, 'unknown']));
      for (let from = 0; from < jobIds.length; from += STATES_CHUNK) {
        const chunk = jobIds.slice(from, from + STATES_CHUNK);
        const found = await ask(queueName, () => backend.jobStates(queueName, chunk));
        for (const [jobId, state] of found) states.set(jobId, toJobState(state));
      }
      return states;
    },
    counts: (queueName) => ask(queueName, countsOf),
    flow: (queueName) => answered(() => backend.flow(queueName)),
    tellEnds(runIds) {
      for (let from = 0; from < runIds.length; from += ENDS_AT_ONCE) {
        const text = runIds.slice(from, from + ENDS_AT_ONCE).join(' ');
        backend.words.tell(ENDS, text).catch((error: Error) => log.debug({ err: error }, 'ends of runs not told'));
      }
    },
    hearEnds: (take) => answered(() => backend.words.hear(ENDS, (text) => take(text.split(' ')))),
    tellLane: (lane) =>
      answered(() => backend.words.tell(LANES, String(lane))).catch((error: unknown) =>
        log.debug({ err: error }, 'lane given away and not told of'),
      ),
    hearLanes: (take) => answered(() => backend.words.hear(LANES, (text) => take(Number(text)))),
    close() {
      closed ??= closeAll();
      return closed;
    },
  };
}

async function openBackend(config: MessagingConfig, options: MessagingOptions, log: MessagingLog): Promise<Backend> {
  assertUrl(config);
  if (config.backend === 'redis') {
    await checkRedis(config.url);
    return openRedis(config.url, options.name, log);
  }
  await checkPostgres(config.url);
  return openPostgres(config.url, options.name, log, options.postgresConnections ?? POSTGRES_CONNECTIONS);
}

/**
 * What is sent, without the secrets of this process, and its JSON, which is made once: for its size, and for what it holds.
 *
 * @throws TerminalError `message-too-large`
 */
function written(
  queue: string,
  job: OutgoingJob,
  cut: CutSecrets,
): { readonly data: JsonObject; readonly text: string } {
  const role = roleOf(queue);
  const whole = JSON.stringify(job.data);
  const text = cut(whole);
  const size = Buffer.byteLength(text);
  const limit = job.name === BUNDLE ? BUNDLE_LIMIT_BYTES : role.sizeLimitBytes;
  if (size > limit) {
    throw new TerminalError(`Message ${job.jobId} for ${queue} has ${size} bytes; ${limit} are allowed.`, {
      code: 'message-too-large',
      next: 'Put the body into the blob store and send its reference.',
    });
  }
  return { text, data: text === whole ? job.data : JSON.parse(text) };
}

const toMessage = (queue: string, job: OutgoingJob, cut: CutSecrets): NewMessage => ({
  jobId: job.jobId,
  name: job.name,
  data: written(queue, job, cut).text,
  priority: job.priority ?? 0,
  delayMs: job.delayMs ?? 0,
});

function toBulkJob(queue: string, job: OutgoingJob, cut: CutSecrets, backend: Backend): BulkJob {
  const { data, text } = written(queue, job, cut);
  const role = roleOf(queue);
  return {
    name: job.name,
    data: backend.storable(data, text),
    opts: {
      jobId: job.jobId,
      delay: job.delayMs ?? 0,
      priority: inOrder(job.priority ?? 0),
      attempts: role.retry.attempts,
      backoff: { type: 'exponential', delay: role.retry.backoffMs },
      removeOnComplete: backend.retention(role.keepCompletedSeconds, role.keepCompletedCount),
      // A failed job that stays would swallow a new one with its id.
      removeOnFail: true,
    },
  };
}

/** A single job goes the short way: on Postgres a bulk of any size builds two temporary tables. */
async function addAll(queue: JobQueue, chunk: readonly BulkJob[], prepare: () => Promise<void>): Promise<void> {
  const [first] = chunk;
  if (first !== undefined && chunk.length === 1) {
    await queue.add(first.name, first.data, first.opts);
    return;
  }
  await prepare();
  await queue.addBulk([...chunk]);
}

async function countsOf(queue: JobQueue): Promise<QueueCounts> {
  const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'completed', 'failed');
  const of = (state: string): number => counts[state] ?? 0;
  return {
    waiting: of('wait') + of('waiting') + of('prioritized'),
    active: of('active'),
    delayed: of('delayed'),
    completed: of('completed'),
    failed: of('failed'),
  };
}

function toJobState(state: string): JobState {
  switch (state) {
    case 'active':
    case 'delayed':
    case 'completed':
    case 'failed':
    case 'unknown':
      return state;
    default:
      // BullMQ tells several kinds of waiting apart: with a priority, for children.
      return 'waiting';
  }
}
