import { randomUUID } from 'node:crypto';
import { BatonError, MOST_IN_BUNDLE, WorkerKind } from '@baton/contracts';
import { consume } from '@baton/messaging';
import { createLogger, type EnvSource, type Logger } from '@baton/service-kit';
import { activeIds } from '@baton/telemetry';
import pLimit from 'p-limit';
import type { z } from 'zod';
import { type ConnectedWorker, connectWorker, type HandlerParts } from './connect-worker.js';
import { isStartedByNpm, readWorkerEnv } from './env.js';
import { createHeartbeats } from './heartbeats.js';
import { passOnSignalOfNpm } from './pass-on-signal.js';
import { schemaOf } from './schema-of.js';
import type { TakeTask } from './take-task.js';
import { tellWhereUncaught } from './tell-uncaught.js';
import { type TypedWork, typedHandler } from './typed-handler.js';

export interface CreateWorkerOptions<In extends z.ZodType, Out extends z.ZodType> extends TypedWork<In, Out> {
  /** A workflow asks for it as `baton:worker:<kind>`; its queue is `worker-<kind>`. */
  readonly kind: string;
  /** What it does, in a sentence, and its version: for `baton worker list`. */
  readonly description?: string;
  readonly version?: string;
  /** Tasks at the same time; else BATON_CONCURRENCY, else 4. */
  readonly concurrency?: number;
  /**
   * For a worker whose tasks take milliseconds: so many may come as one job, where they were ready at the same moment, which
   * makes many of them several times faster. Of a bundle whose worker dies, what was handed in counts and the rest runs again.
   * Every worker of the kind has to say it; the default is 1, each task as a job of its own.
   */
  readonly bundle?: number;
  /** Where DATABASE_URL, REDIS_URL, BATON_CONCURRENCY and BATON_LOG come from; else the environment of the process. */
  readonly env?: EnvSource;
}

/** A worker that takes tasks. */
export interface CreatedWorker {
  readonly kind: string;
  /**
   * Takes no more tasks and waits up to `timeoutMs` for those in work; what is left is aborted and handed back to the
   * queue for another worker. Called again it waits for the same stop.
   */
  readonly stop: (timeoutMs: number) => Promise<void>;
}

/**
 * Starts a worker of one's own in a plain Node process, from Node 20.17 on; resolves once it takes tasks. A task may be
 * delivered twice, so `handle` gives its `idempotencyKey` to whatever must not happen twice. A failed `handle` is a failed
 * task; a result that cannot be sent leaves its task in the queue. Throws BatonError `worker-kind`, `worker-bundle`, `worker-at-odds`, `invalid-environment`,
 * `database-unreachable`, `schema-older`, `queue-unreachable`, …; nothing is left open then, and where nobody catches it the
 * process ends with one sentence.
 */
export async function createWorker<In extends z.ZodType, Out extends z.ZodType>(
  options: CreateWorkerOptions<In, Out>,
): Promise<CreatedWorker> {
  try {
    if (isStartedByNpm()) passOnSignalOfNpm();
    return await start(options);
  } catch (thrown) {
    if (thrown instanceof BatonError) tellWhereUncaught(`worker ${options.kind}`, thrown);
    throw thrown;
  }
}

async function start<In extends z.ZodType, Out extends z.ZodType>(
  options: CreateWorkerOptions<In, Out>,
): Promise<CreatedWorker> {
  const kind = checkedKind(options.kind);
  const { BATON_LOG, ...env } = readWorkerEnv(options.env);
  const log = createLogger({ name: kind, level: BATON_LOG, idsOfWork: activeIds });
  const settings = { ...env, BATON_CONCURRENCY: options.concurrency ?? env.BATON_CONCURRENCY };
  const { description = '', version = '', input, output } = options;
  const bundle = checkedBundle(options.bundle ?? 1);
  const about = {
    ...{ kind, description, version, bundle, looksForOdds: true },
    ...{ input: schemaOf(input, 'input'), output: schemaOf(output, 'output') },
  };
  const { connected, prepared } = await connectWorker(about, async (parts) => parts, log, settings);
  const { messaging, source, deadLetter } = connected;
  const takeTask = takeTaskOf(options, connected, prepared, log);
  // A bundle is one job for the queue, and as many tasks for whoever counts what is in work.
  const inSlot = pLimit(source.concurrency);
  const take = () =>
    consume(messaging, {
      ...source,
      deadLetter,
      isSettled: ({ data }) => connected.isClosed(data.commandId),
      handle: ({ data, signal, attempt, waitedMs }) => {
        const arrivedAtMs = performance.now();
        return inSlot(() => {
          // It waited for its room: by now the worker may stop, or another one may have the bundle.
          signal.throwIfAborted();
          const waited = waitedMs === undefined ? {} : { waitedMs: waitedMs + performance.now() - arrivedAtMs };
          return takeTask(data, { signal, attempt, ...waited });
        });
      },
    });
  let consumer = take();
  let stopped: Promise<void> | undefined;
  const stop = async (timeoutMs: number): Promise<void> => {
    connected.leave();
    await consumer.stop(timeoutMs);
    await connected.close();
  };
  await consumer.whenReady().catch(async (error: unknown) => {
    await stop(0);
    throw error;
  });
  const wake = (): void => {
    if (stopped === undefined) consumer = take();
  };
  connected.followDrain({ rest: () => consumer.drain(), wake });
  // Said once whoever waits for this has gone on, and listens for the signals that end it: the word may bring one.
  setImmediate(() => log.info({ kind, queue: source.queue, concurrency: source.concurrency }, 'worker ready'));
  return {
    kind,
    stop: (timeoutMs) => {
      stopped ??= stop(timeoutMs);
      return stopped;
    },
  };
}

function takeTaskOf<In extends z.ZodType, Out extends z.ZodType>(
  work: TypedWork<In, Out>,
  { messaging, takeTaskWith, note }: ConnectedWorker,
  { journalFor, blobs }: Pick<HandlerParts, 'journalFor' | 'blobs'>,
  log: Logger,
): TakeTask {
  return (task, delivery) => {
    return takeTaskWith(async (workerTask, signal) => {
      const heartbeats = createHeartbeats(task, messaging, signal, { newId: randomUUID, nowMs: Date.now, log });
      try {
        const heartbeat = (progress?: string): void => {
          note(task.commandId, progress);
          heartbeats.beat(progress);
        };
        return await typedHandler(work, { journalFor, blobs, log }, heartbeat)(workerTask, signal);
      } finally {
        await heartbeats.settle();
      }
    })(task, delivery);
  };
}

function checkedBundle(bundle: number): number {
  if (Number.isInteger(bundle) && bundle >= 1 && bundle <= MOST_IN_BUNDLE) return bundle;
  throw new BatonError(`A worker cannot take ${bundle} tasks as one job.`, {
    code: 'worker-bundle',
    next: `Give a whole number from 1 to ${MOST_IN_BUNDLE}.`,
  });
}

function checkedKind(kind: string): WorkerKind {
  const parsed = WorkerKind.safeParse(kind);
  if (parsed.success) return parsed.data;
  throw new BatonError(`“${kind}” cannot be the kind of a worker.`, {
    code: 'worker-kind',
    next: 'Use lower case letters, digits and dashes, beginning with a letter, at most 63 of them.',
    cause: parsed.error,
  });
}
