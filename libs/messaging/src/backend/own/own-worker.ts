import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type Deferred, deferred, toError } from '@baton/contracts';
import { DelayedError, WaitingError } from 'bullmq';
import { within } from '../../waiting.js';
import type { JobWorker, Processor, QueueJob, WorkerSettings } from '../backend.js';
import { type DoneCount, doneCount } from './done-count.js';
import { firstRungOf } from './first-rung.js';
import { jobOf } from './job-of.js';
import type { MessageStore, TakenMessage } from './message-store.js';
import { Unheard } from './unheard.js';

/** Looked for also where no bell rings. */
const LOOK_EVERY_MS = 1_000;
/** For so long after a look what is put in may be handed over. */
const WAIT_MS = 2 * LOOK_EVERY_MS;
/** What is done is taken away with the next request for more, and after so long by itself. */
const FINISH_WITHIN_MS = 20;
/** Of a lease, what has passed when it is renewed at the latest: a process that is held up for more than half of it keeps what it has. */
const RENEW_AFTER = 1 / 3;

export interface OwnWorkerPorts {
  readonly store: MessageStore;
  /** How many more may be taken now, of those that are allowed at the same time. */
  readonly room: () => number;
}

interface Held {
  readonly id: string;
  readonly jobId: string;
  isOver: boolean;
  /** It was given back, and what the store says to that is on its way: another may have it, or this one anew. */
  isGivenBack: boolean;
  readonly over: Deferred<void>;
}

/**
 * Takes messages of one queue out of a store, as a worker of BullMQ does with its own, and is driven by the same `Consumer`.
 * One request takes away what is done and brings what is next; while it is under way what ends meanwhile gathers for the
 * next one.
 */
export class OwnWorker extends EventEmitter implements JobWorker {
  readonly #queue: string;
  readonly #processor: Processor;
  readonly #settings: WorkerSettings;
  readonly #ports: OwnWorkerPorts;
  readonly #holder = randomUUID();
  readonly #held = new Map<string, Held>();
  readonly #doneCount: DoneCount;
  /** For messages. */
  #looks = 0;
  #done: string[] = [];
  /** What is done, and is being taken away. */
  #leaving: readonly string[] = [];
  readonly #unheard = new Unheard();
  #bell = deferred<void>();
  #listening: Promise<() => void> | null = null;
  #handingOver: Promise<() => Promise<void>> | null = null;
  #isClosing = false;
  /** Nothing is handed over any more. */
  #hasLeft = false;
  #isCutOff = false;
  #running: Promise<void> | null = null;
  #renewing: NodeJS.Timeout | undefined;
  #finishing: NodeJS.Timeout | undefined;
  /** There was no room for more when it was looked last. */
  #isFull = false;

  constructor(queue: string, processor: Processor, settings: WorkerSettings, ports: OwnWorkerPorts) {
    super();
    this.#queue = queue;
    this.#processor = processor;
    this.#settings = settings;
    this.#ports = ports;
    this.#doneCount = doneCount(ports.store, queue);
    // Without a listener an emitter throws what it is to tell.
    this.on('error', () => {});
  }

  async waitUntilReady(): Promise<void> {
    if (this.#isClosing) return;
    const { store } = this.#ports;
    this.#listening ??= store.listen(this.#queue, () => this.#bell.resolve());
    this.#handingOver ??=
      store.handOver?.(
        this.#queue,
        this.#holder,
        (rows) => this.#handed(rows),
        () => void this.#missed(),
      ) ?? null;
    try {
      await Promise.all([this.#listening, this.#handingOver]);
    } catch (thrown) {
      await this.#stopHandingOver();
      this.#listening?.then(
        (unlisten) => unlisten(),
        () => {},
      );
      this.#listening = null;
      throw thrown;
    }
  }

  run(): Promise<void> {
    this.#running ??= this.#live();
    return this.#running;
  }

  /** Takes no more, and resolves when what it has is done and taken away; with `force` at once. */
  async close(force = false): Promise<void> {
    this.#isClosing = true;
    this.#isCutOff ||= force;
    this.#bell.resolve();
    // First, so that what is on its way is heard, and given back.
    await within(LOOK_EVERY_MS, this.#stopHandingOver());
    this.#hasLeft = true;
    this.#bell.resolve();
    await this.#running;
    await within(LOOK_EVERY_MS, this.#doneCount.flush());
    this.#stopListening();
  }

  async disconnect(): Promise<void> {
    this.#isClosing = true;
    this.#isCutOff = true;
    this.#bell.resolve();
    void this.#stopHandingOver();
    this.#stopListening();
  }

  /** Something ended elsewhere that had taken room. */
  ring(): void {
    this.#bell.resolve();
  }

  /** It does not matter how that ends: who is not there to hear is passed over. */
  async #stopHandingOver(): Promise<void> {
    const ended = this.#handingOver?.then(
      (end) => end(),
      () => {},
    );
    this.#handingOver = null;
    await ended;
    if (ended !== undefined && !this.#isCutOff) await this.#missed();
  }

  /** What this one has by the store and never heard of is worked on now. */
  async #missed(): Promise<void> {
    const inHand = (): readonly string[] => [...this.#held.keys(), ...this.#done, ...this.#leaving];
    const ask = async () => (await this.#ports.store.held?.(this.#queue, this.#holder)) ?? [];
    try {
      this.#handed(await this.#unheard.look(inHand, ask));
    } catch (thrown) {
      // Another has it when its lease is over.
      this.emit('error', toError(thrown));
    }
  }

  #stopListening(): void {
    clearInterval(this.#renewing);
    clearTimeout(this.#finishing);
    // Where that is still under way, as soon as it is done: nobody waits for it any more.
    this.#listening?.then(
      (unlisten) => unlisten(),
      () => {},
    );
    this.#listening = null;
  }

  async #live(): Promise<void> {
    const { lockDuration, runRetryDelay } = this.#settings;
    this.#renewing = setInterval(() => void this.#renew(), lockDuration * RENEW_AFTER);
    while (!this.#isCutOff && !(this.#hasLeft && this.#held.size === 0 && this.#done.length === 0)) {
      this.#bell = deferred();
      const want = this.#isClosing ? 0 : Math.max(0, this.#ports.room());
      this.#isFull = want === 0;
      if (want === 0 && this.#done.length === 0) {
        await this.#bell.promise;
        continue;
      }
      const taken = await this.#next(want);
      if (taken === null) await this.#pause(runRetryDelay);
      else if (taken < want && !this.#isClosing) await this.#pause(LOOK_EVERY_MS);
    }
    clearInterval(this.#renewing);
  }

  /** How many were taken; null where the server could not be asked. */
  async #next(want: number): Promise<number | null> {
    const done = this.#done;
    this.#done = [];
    this.#leaving = done;
    clearTimeout(this.#finishing);
    this.#finishing = undefined;
    try {
      const waitMs = this.#handingOver === null ? 0 : WAIT_MS;
      const { lockDuration: leaseMs } = this.#settings;
      const request = { holder: this.#holder, done, want, leaseMs, waitMs, firstRung: firstRungOf(this.#looks) };
      if (want > 0) this.#looks += 1;
      const rows = await this.#ports.store.finishAndTake(this.#queue, request);
      this.#doneCount.add(done.length);
      for (const row of rows) void this.#process(row);
      return rows.length;
    } catch (thrown) {
      this.#done = [...done, ...this.#done];
      this.emit('error', toError(thrown));
      return null;
    } finally {
      this.#leaving = [];
    }
  }

  /** What there is no room for by now, another may have. */
  #handed(rows: readonly TakenMessage[]): void {
    for (const row of rows) {
      if (this.#isCutOff) return;
      if (this.#ports.room() > 0) void this.#process(row);
      else this.#giveBack(row.id, 0, false).catch((thrown: unknown) => this.emit('error', toError(thrown)));
    }
  }

  /** Until the bell rings, or so long at most. */
  async #pause(ms: number): Promise<void> {
    const timer = setTimeout(this.#bell.resolve, ms);
    await this.#bell.promise;
    clearTimeout(timer);
  }

  async #process(row: TakenMessage): Promise<void> {
    const before = this.#held.get(row.id);
    // Dropped, it would be nobody's until its lease runs out.
    if (before?.isGivenBack === true) await before.over.promise;
    // Its lease had run out, and was taken anew with this: the delivery that is in work, or was, goes on.
    if (this.#held.has(row.id) || this.#done.includes(row.id)) return;
    const held: Held = { id: row.id, jobId: row.jobId, isOver: false, isGivenBack: false, over: deferred() };
    this.#held.set(row.id, held);
    this.#unheard.begun(row.id);
    const job = jobOf(row, (delayMs) => this.#giveBack(row.id, delayMs, false));
    try {
      await this.#processor(job, this.#holder);
      if (!this.#isCutOff) this.#done.push(row.id);
    } catch (thrown) {
      // These say that it was moved, or is another's.
      if (!(thrown instanceof DelayedError || thrown instanceof WaitingError)) await this.#failed(row.id, job);
    } finally {
      held.isOver = true;
      this.#held.delete(row.id);
      held.over.resolve();
      this.#finishSoon();
    }
  }

  #finishSoon(): void {
    // What ends in the same turn of the event loop goes with one request.
    if (this.#isFull || this.#isClosing) process.nextTick(() => this.#bell.resolve());
    else this.#finishing ??= setTimeout(() => this.#bell.resolve(), FINISH_WITHIN_MS);
  }

  async #failed(id: string, { opts }: QueueJob): Promise<void> {
    const delayMs = typeof opts.backoff === 'object' ? (opts.backoff.delay ?? 0) : 0;
    await this.#giveBack(id, delayMs, true).catch((thrown: unknown) => this.emit('error', toError(thrown)));
  }

  #giveBack(id: string, delayMs: number, isFailure: boolean): Promise<void> {
    const held = this.#held.get(id);
    if (held !== undefined) held.isGivenBack = true;
    return this.#ports.store.release(this.#queue, {
      holder: this.#holder,
      id,
      delayMs: Math.max(0, delayMs),
      isFailure,
    });
  }

  async #renew(): Promise<void> {
    const held = [...this.#held.values()];
    if (held.length === 0) return;
    try {
      const ids = held.map(({ id }) => id);
      const kept = await this.#ports.store.renew(this.#queue, {
        holder: this.#holder,
        ids,
        leaseMs: this.#settings.lockDuration,
      });
      const lost = held.filter(({ id, isOver }) => !kept.has(id) && !isOver);
      if (lost.length > 0)
        this.emit(
          'lockRenewalFailed',
          lost.map(({ jobId }) => jobId),
        );
    } catch (thrown) {
      this.emit('error', toError(thrown));
    }
  }
}
