import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, type MessageSchemas, toError } from '@baton/contracts';
import type { JobWorker, QueueJob } from './backend/backend.js';
import { isConnectionLoss } from './connection-loss.js';
import type { ConsumerTiming } from './consumer-timing.js';
import { type Handling, handleJob, neverFail, type Outcome, settle } from './handling.js';
import type { Messaging } from './messaging.js';
import { within } from './waiting.js';

const START_TIMEOUT_MS = 10_000;
const DISCARD_TIMEOUT_MS = 1_000;
const LOSS_LOG_EVERY_MS = 5_000;
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
  readonly abort: AbortController;
  readonly leave: (outcome: Outcome) => void;
  /** What becomes of it when its handler fails after the abort. */
  afterAbort: Outcome;
}

/**
 * Takes messages from one queue until it is stopped. Its life: starting (tries until the server answers) →
 * consuming → stopping → stopped. While it consumes, a watchdog replaces a worker that no longer fetches.
 */
export class Consumer<M extends MessageSchemas = MessageSchemas> {
  readonly #messaging: Messaging;
  readonly #settings: ConsumerSettings<M>;
  readonly #running = new Set<Running>();
  /** More than one only while a replaced worker finishes what it has. */
  readonly #workers = new Set<JobWorker>();
  readonly #stopping = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  #lastProgressAt: number;
  #lastLossLoggedAt = Number.NEGATIVE_INFINITY;
  #stopped: Promise<void> | undefined;

  constructor(messaging: Messaging, settings: ConsumerSettings<M>) {
    this.#messaging = messaging;
    this.#settings = settings;
    this.#lastProgressAt = settings.clock();
    this.#ready.promise.catch(() => {});
    void this.#live();
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
    this.#stopped ??= this.#stop(timeoutMs);
    return this.#stopped;
  }

  async #stop(timeoutMs: number): Promise<void> {
    const { log, queue, timing } = this.#settings;
    this.#stopping.abort();
    this.#ready.reject(new BatonError(`The consumer of ${queue} was stopped.`, { code: 'consumer-stopped' }));
    // Closing fetches no more and goes on renewing the locks of what runs.
    const closed = Promise.all([...this.#workers].map((worker) => worker.close()));
    if ((await within(timeoutMs, closed)) !== undefined) return;

    for (const running of this.#running) this.#abort(running, { type: 'hand-back' }, 'consumer-stopping');
    if ((await within(timing.abortGraceMs, closed)) !== undefined) return;

    for (const running of this.#running) running.leave(running.afterAbort);
    if ((await within(DISCARD_TIMEOUT_MS, closed)) !== undefined) return;
    log.warn({ queue }, 'queue server did not answer on stop, messages come back when their locks run out');
    await Promise.all([...this.#workers].map((worker) => within(DISCARD_TIMEOUT_MS, worker.disconnect())));
  }

  async #live(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const worker = this.#openWorker();
      if (await this.#runs(worker)) {
        this.#lastProgressAt = this.#settings.clock();
        this.#ready.resolve();
        await this.#untilStuck();
        // What the old worker still handles keeps its locks; with nothing to handle it may be cut off.
        void this.#retire(worker, this.#running.size === 0);
      } else {
        await this.#retire(worker, true);
        await this.#pause(this.#settings.timing.reconnectMs);
      }
    }
  }

  #openWorker(): JobWorker {
    const { queue, timing, concurrency } = this.#settings;
    const worker = this.#messaging.backend.openWorker(queue, (job, token) => this.#process(job, token), {
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
      if ((await within(START_TIMEOUT_MS, worker.waitUntilReady())) === undefined) return false;
      if (this.#stopping.signal.aborted) return false;
      worker.run().catch((thrown) => this.#logError(toError(thrown)));
      return true;
    } catch (thrown) {
      this.#logError(toError(thrown));
      return false;
    }
  }

  async #retire(worker: JobWorker, force: boolean): Promise<void> {
    const closed = worker.close(force);
    if (force && (await within(DISCARD_TIMEOUT_MS, closed)) === undefined) {
      await within(DISCARD_TIMEOUT_MS, worker.disconnect());
    } else {
      await closed.catch((thrown) => this.#logError(toError(thrown)));
    }
    // A stopping consumer waits for every worker it still knows.
    this.#workers.delete(worker);
  }

  async #process(job: QueueJob, token: string): Promise<void> {
    const { clock } = this.#settings;
    neverFail(job);
    // BullMQ may fetch once more while it closes.
    if (this.#stopping.signal.aborted) return settle(job, token, { type: 'hand-back' }, clock);
    const abort = new AbortController();
    const left = Promise.withResolvers<Outcome>();
    const running: Running = { jobId: job.id ?? '', abort, leave: left.resolve, afterAbort: { type: 'lost' } };
    this.#running.add(running);
    this.#lastProgressAt = clock();
    try {
      const outcome = await Promise.race([handleJob(this.#settings, job, abort.signal), left.promise]);
      await settle(job, token, afterAbort(running, outcome), clock);
    } finally {
      this.#running.delete(running);
      this.#lastProgressAt = clock();
    }
  }

  #abort(running: Running, afterAbort: Outcome, code: 'lock-lost' | 'consumer-stopping'): void {
    // A lost message stays lost, whatever comes later.
    if (running.abort.signal.aborted) return;
    running.afterAbort = afterAbort;
    running.abort.abort(new BatonError(`Message ${running.jobId} was taken away: ${code}.`, { code }));
  }

  /** Resolves when messages wait, this consumer has room, and yet it took none for `watchdogMs`; or on stop. */
  async #untilStuck(): Promise<void> {
    const { queue, log, timing, concurrency, clock } = this.#settings;
    while (!this.#stopping.signal.aborted) {
      await this.#pause(timing.watchdogMs / 2);
      if (this.#running.size >= concurrency || clock() - this.#lastProgressAt < timing.watchdogMs) continue;
      if (await this.#hasWork(clock() - timing.watchdogMs)) {
        if (!this.#stopping.signal.aborted)
          log.warn({ queue }, 'worker takes no messages although some wait, it is replaced');
        return;
      }
      this.#lastProgressAt = clock();
    }
  }

  async #hasWork(dueBefore: number): Promise<boolean> {
    const { queue: name, log } = this.#settings;
    try {
      if ((await this.#messaging.counts(name)).waiting > 0)
        return !(await (await this.#messaging.queue(name)).isPaused());
      return (await (await this.#messaging.queue(name)).getDelayedCount(dueBefore)) > 0;
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

/** A handler that succeeded after the consumer was told to stop is done; one that lost its message is not ours to end. */
function afterAbort(running: Running, outcome: Outcome | undefined): Outcome {
  if (outcome === undefined) return running.afterAbort;
  return running.abort.signal.aborted && running.afterAbort.type === 'lost' ? running.afterAbort : outcome;
}
