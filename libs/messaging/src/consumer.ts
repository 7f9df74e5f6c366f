import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, deferred, isConnectionLoss, type MessageSchemas, toError } from '@baton/contracts';
import type { JobWorker, Processor, QueueJob } from './backend/backend.js';
import type { ConsumerTiming } from './consumer-timing.js';
import { handleBundle, isBundle } from './handle-bundle.js';
import { type DeliveryOutcome, type Handling, handleMessage, neverFail, settle } from './handling.js';
import type { Messaging } from './messaging.js';
import { unreachable } from './queue-server-errors.js';
import { within } from './waiting.js';

const START_TIMEOUT_MS = 10_000;
const DISCARD_TIMEOUT_MS = 1_000;
const LOSS_LOG_EVERY_MS = 5_000;
/** A worker that cannot even be made is no outage: it is tried again ever more rarely, up to this. */
const MAX_REOPEN_MS = 15_000;
/** BullMQ would move a job that stalls more often to its failed set; we count the stalls ourselves, towards the dead letter. */
const NO_STALL_LIMIT = 1_000_000;

export interface ConsumerSettings<M extends MessageSchemas> extends Handling<M> {
  readonly concurrency: number;
  readonly timing: ConsumerTiming;
  readonly clock: () => number;
}

/** A delivery in work. `leave` ends it for the queue, whether or not its handler has ended. */
interface Running {
  readonly jobId: string;
  readonly worker: JobWorker;
  readonly abort: AbortController;
  readonly leave: (outcome: DeliveryOutcome) => void;
  /** What becomes of it when its handler fails after the abort. */
  afterAbort: DeliveryOutcome;
}

/**
 * Takes messages from one queue until it is stopped. Its life: starting (tries until the server answers) →
 * consuming → stopping → stopped. While it consumes, a watchdog replaces a worker that no longer fetches. It never ends by
 * itself: whatever keeps it from consuming is logged, tried again, and told by `trouble`.
 */
export class Consumer<M extends MessageSchemas = MessageSchemas> {
  readonly #messaging: Messaging;
  readonly #settings: ConsumerSettings<M>;
  readonly #running = new Set<Running>();
  /** More than one only while a replaced worker finishes what it has. */
  readonly #workers = new Set<JobWorker>();
  readonly #stopping = new AbortController();
  readonly #ready = deferred<void>();
  /** Goes up with each message taken and ended. */
  #progress = 0;
  #lastLossLoggedAt = Number.NEGATIVE_INFINITY;
  #trouble: Error | null = null;
  #drained: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  readonly #lived: Promise<void>;

  constructor(messaging: Messaging, settings: ConsumerSettings<M>) {
    this.#messaging = messaging;
    this.#settings = settings;
    this.#ready.promise.catch(() => {});
    // Cannot reject. If it did, nobody waits for it: the process ends of that, and does not live on with a dead consumer.
    this.#lived = this.#live();
  }

  /** Why the consumer has no worker that takes messages; null where it has one. A short outage is none of its troubles. */
  get trouble(): Error | null {
    return this.#trouble;
  }

  /** Resolves when the consumer takes messages for the first time. */
  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  /**
   * Takes no more messages, waits up to `timeoutMs` for those in work, then aborts their signals and hands them back,
   * so that another consumer gets them at once. Called again it waits for the same stop.
   */
  stop(timeoutMs: number): Promise<void> {
    this.#stopped ??= this.#stop(timeoutMs).then(async () => {
      // What the watchdog still asks of queues that are closed would never be answered, and keep the process alive.
      await within(DISCARD_TIMEOUT_MS, this.#lived);
    });
    return this.#stopped;
  }

  /**
   * Takes no more messages, ever; resolves when those in work have ended, however long they take. A stop may follow, with a bound.
   */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<void> {
    this.#stopping.abort();
    this.#ready.reject(
      new BatonError(`The consumer of ${this.#settings.queue} was stopped.`, { code: 'consumer-stopped' }),
    );
    // Closing fetches no more and goes on renewing the locks of what runs.
    await Promise.all([...this.#workers].map((worker) => worker.close()));
  }

  async #stop(timeoutMs: number): Promise<void> {
    const { log, queue, timing } = this.#settings;
    const closed = this.drain();
    if ((await within(timeoutMs, closed)) !== undefined) return;

    for (const running of this.#running) this.#abort(running, { type: 'hand-back' }, 'consumer-stopping');
    if ((await within(timing.abortGraceMs, closed)) !== undefined) return;

    for (const running of this.#running) running.leave(running.afterAbort);
    if ((await within(DISCARD_TIMEOUT_MS, closed)) !== undefined) return;
    log.warn({ queue }, 'queue server did not answer on stop, messages come back when their locks run out');
    await Promise.all([...this.#workers].map(cutOff));
  }

  async #live(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const worker = this.#tryToOpen();
      failures = worker === null ? failures + 1 : 0;
      if (worker !== null && (await this.#runs(worker))) {
        this.#trouble = null;
        this.#ready.resolve();
        await this.#untilStuck();
      } else {
        await this.#pause(reopenAfterMs(this.#settings.timing.reconnectMs, failures));
      }
      if (worker !== null && !this.#stopping.signal.aborted) void this.#retire(worker);
    }
  }

  #tryToOpen(): JobWorker | null {
    try {
      return this.#openWorker();
    } catch (thrown) {
      this.#trouble = toError(thrown);
      const { queue, log } = this.#settings;
      log.error({ queue, err: this.#trouble }, 'the consumer could not be opened, it is tried again');
      return null;
    }
  }

  #openWorker(): JobWorker {
    const { queue, timing, concurrency } = this.#settings;
    const processor: Processor = (job, token) => this.#process(worker, job, token);
    const worker = this.#messaging.backend.openWorker(queue, processor, {
      concurrency,
      lockDuration: timing.lockMs,
      stalledInterval: timing.stalledCheckMs,
      maxStalledCount: NO_STALL_LIMIT,
      runRetryDelay: timing.reconnectMs,
    });
    worker.on('error', (error) => this.#logError(error));
    worker.on('lockRenewalFailed', (jobIds) => {
      for (const running of this.#running) {
        if (jobIds.includes(running.jobId)) this.#abort(running, { type: 'lost' }, 'lock-lost');
      }
    });
    this.#workers.add(worker);
    return worker;
  }

  /** On Postgres a worker that was opened while the server was away never recovers, hence a new one for each try. */
  async #runs(worker: JobWorker): Promise<boolean> {
    try {
      if ((await within(START_TIMEOUT_MS, worker.waitUntilReady())) === undefined) {
        this.#trouble = unreachable(this.#messaging.backend.endpoint, undefined);
        return false;
      }
      if (this.#stopping.signal.aborted) return false;
      worker.run().catch((thrown) => this.#logError(toError(thrown)));
      return true;
    } catch (thrown) {
      this.#trouble = toError(thrown);
      this.#logError(this.#trouble);
      return false;
    }
  }

  /** Closes a worker that is replaced: what it still handles keeps its locks to the end; without such it is cut off soon. */
  async #retire(worker: JobWorker): Promise<void> {
    // One that cannot be closed is cut off, too.
    const closed = worker.close().catch((thrown: unknown) => {
      this.#logError(toError(thrown));
      return cutOff(worker);
    });
    while ((await within(DISCARD_TIMEOUT_MS, closed)) === undefined) {
      if ([...this.#running].some((running) => running.worker === worker)) continue;
      await cutOff(worker);
      break;
    }
    // A stop waits for every worker that is still known.
    this.#workers.delete(worker);
  }

  async #process(worker: JobWorker, job: QueueJob, token: string): Promise<void> {
    const { clock } = this.#settings;
    neverFail(job);
    // BullMQ may fetch once more while it closes.
    if (this.#stopping.signal.aborted) return settle(job, token, { type: 'hand-back' }, clock);
    const abort = new AbortController();
    const left = deferred<DeliveryOutcome>();
    const running: Running = {
      jobId: job.id ?? '',
      worker,
      abort,
      leave: left.resolve,
      afterAbort: { type: 'lost' },
    };
    this.#running.add(running);
    this.#progress += 1;
    try {
      const handle = isBundle(job) ? handleBundle : handleMessage;
      const outcome = await Promise.race([handle(this.#settings, job, abort.signal), left.promise]);
      await settle(job, token, afterAbort(running, outcome), clock);
    } finally {
      this.#running.delete(running);
      this.#progress += 1;
    }
  }

  #abort(running: Running, afterAbort: DeliveryOutcome, code: 'lock-lost' | 'consumer-stopping'): void {
    // A lost message stays lost, whatever comes later.
    if (running.abort.signal.aborted) return;
    running.afterAbort = afterAbort;
    running.abort.abort(new BatonError(`Message ${running.jobId} was taken away: ${code}.`, { code }));
  }

  /**
   * Resolves on stop, or when the worker is stuck: twice, half of `watchdogMs` apart, messages wait that it has room
   * for, and it took none in between. Once says little: it may be about to come back from an outage.
   */
  async #untilStuck(): Promise<void> {
    const { queue, log, timing, concurrency } = this.#settings;
    const period = timing.watchdogMs / 2;
    let suspicions = 0;
    while (!this.#stopping.signal.aborted) {
      const seen = this.#progress;
      await this.#pause(period);
      if (this.#stopping.signal.aborted) return;
      const isIdle = seen === this.#progress && this.#running.size < concurrency;
      suspicions = isIdle && (await this.#hasWork(period)) ? suspicions + 1 : 0;
      if (suspicions < 2 || this.#stopping.signal.aborted) continue;
      log.warn({ queue }, 'worker takes no messages although some wait, it is replaced');
      return;
    }
  }

  async #hasWork(overdueMs: number): Promise<boolean> {
    const { queue: name, log, clock } = this.#settings;
    try {
      const queue = await this.#messaging.queue(name);
      if (await queue.isPaused()) return false;
      const { waiting } = await this.#messaging.counts(name);
      return waiting > 0 || (await queue.getDelayedCount(clock() - overdueMs)) > 0;
    } catch (error) {
      log.debug({ queue: name, err: error }, 'watchdog could not ask the queue server');
      return false;
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }

  #logError(error: Error): void {
    const { queue, log, clock } = this.#settings;
    if (isConnectionLoss(error)) {
      if (clock() - this.#lastLossLoggedAt < LOSS_LOG_EVERY_MS) return;
      this.#lastLossLoggedAt = clock();
      log.warn({ queue, err: error }, 'queue server is away, the consumer goes on once it is back');
    } else {
      log.warn({ queue, err: error }, 'queue error');
    }
  }
}

const reopenAfterMs = (reconnectMs: number, failures: number): number =>
  failures === 0 ? reconnectMs : Math.min(MAX_REOPEN_MS, reconnectMs * 2 ** Math.min(failures - 1, 10));

/** The last resort for a worker that does not close; that it fails changes nothing any more. */
async function cutOff(worker: JobWorker): Promise<void> {
  await within(
    DISCARD_TIMEOUT_MS,
    worker.disconnect().catch(() => {}),
  );
}

/** A handler that succeeded after the consumer was told to stop is done; one that lost its message is not ours to end. */
function afterAbort(running: Running, outcome: DeliveryOutcome | undefined): DeliveryOutcome {
  if (outcome === undefined) return running.afterAbort;
  return running.abort.signal.aborted && running.afterAbort.type === 'lost' ? running.afterAbort : outcome;
}
