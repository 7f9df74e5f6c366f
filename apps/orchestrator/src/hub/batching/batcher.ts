import { deferred, type RunId, toError } from '@baton/contracts';
import type { HubMessage, HubOutcome } from '../message.js';
import { Shares } from '../shares.js';
import { Absent } from './absent.js';
import { asRetryable, stopping } from './batch-errors.js';
import type { BatcherPorts } from './batcher-ports.js';
import { type DecidingBatchPorts, decideBatch } from './decide-batch.js';
import type { Decided, Waiting } from './decide-messages.js';
import { GroupCommit } from './group-commit.js';
import { nextBatch } from './next-batch.js';
import { RunCache } from './run-cache.js';
import { decideUnderNote } from './under-note.js';
import { writeBatch } from './write-batch.js';

/*
 * Group commit. Messages wait in `#waiting`; one loop takes all that wait (up to `maxBatch`), decides them on cached
 * state and puts what was decided into the next batch. A batch is written in one transaction; while it is on its way, what
 * comes in is decided and gathers for the next, so under load the batch grows and in quiet times a message waits for nothing
 * but its own commit.
 *
 *   waiting ──take──▶ deciding (an advance per run, messages of a run in order) ──▶ next ──append──▶ settled
 *                          ▲                                                          │
 *                          └──────── again, on fresh state ◀──────── conflict ────────┘
 *
 * A run is held from its decision to its commit: its further messages wait until then. A run whose expression went to a thread
 * is left out of the batch (`Absent`): it comes back with what was decided, to be written with whatever batch is next, and
 * until then its further messages wait. The others do not.
 *
 * A run appears once in a batch. A message that `decide` cannot digest, or whose advance the database cannot hold, is found by
 * writing each by itself and put aside alone.
 */

export class Batcher {
  readonly #cache = new RunCache();
  readonly #absent = new Absent<Decided>();
  #waiting: Waiting[] = [];
  readonly #deciding: DecidingBatchPorts;
  readonly #commits: GroupCommit;
  /** What tasks of whom are out. */
  readonly shares: Shares;
  /** Rings when there is something to decide. */
  #bell = deferred<void>();
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(
    private readonly ports: BatcherPorts,
    private readonly maxBatch = 200,
  ) {
    this.shares = new Shares(ports, ports.knowsRungs);
    const shared = { ...ports, cache: this.#cache, shares: this.shares, again: this.#again };
    this.#deciding = { ...shared, absent: this.#absent, onBack: this.#wake };
    this.#commits = new GroupCommit((batch) => writeBatch(batch, shared), this.#wake);
  }

  /**
   * Resolves when the message's events are committed, or when it turned out to have no effect.
   * Rejects with RetryableError when nothing was written and the message should come again.
   */
  handle(message: HubMessage): Promise<HubOutcome> {
    if (this.#stopped) return Promise.reject(stopping());
    return new Promise((settle, fail) => {
      this.#waiting.push({ message, attempts: 0, isAlone: message.suspectAs !== undefined, settle, fail });
      this.#wake();
    });
  }

  /** Takes no more messages; resolves when those taken are settled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#running !== null || this.#absent.size > 0) {
      await this.#running;
      await this.#absent.oneIsBack();
    }
  }

  readonly #wake = (): void => {
    this.#bell.resolve();
    this.#running ??= this.#drain();
  };

  readonly #again = (members: readonly Waiting[]): void => {
    this.#waiting.unshift(...members);
  };

  async #drain(): Promise<void> {
    // The messages of one turn of the event loop belong in one batch: a bundle of results arrives as many promises of it.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    for (;;) {
      this.#bell = deferred();
      this.#takeUpThoseBack();
      const taken = this.#take();
      if (taken.length > 0) {
        await this.#decideNext(taken).catch((thrown: unknown) => this.#broken(taken, thrown));
      } else if (this.#commits.writing === null) {
        break;
      } else {
        await Promise.race([this.#commits.writing, this.#bell.promise]);
      }
    }
    this.#running = null;
  }

  /** Before anything that may fail: it would be lost, and its run would stay away. */
  #takeUpThoseBack(): void {
    const back = this.#absent.takeBack();
    this.#commits.add(back.flatMap(({ result }) => result ?? []));
    for (const { runId } of back) this.#absent.forget(runId);
  }

  async #decideNext(taken: readonly Waiting[]): Promise<void> {
    const isAlone = taken[0]?.isAlone === true;
    if (isAlone) await this.#commits.allWritten();
    await this.ports.settleClock?.();
    const { metrics, monotonicMs } = this.ports;
    const beganMs = monotonicMs();
    const decided = await decideUnderNote(taken, (members) => decideBatch(members, this.#deciding), this.ports);
    metrics?.decided((monotonicMs() - beganMs) / 1000);
    this.#commits.add(decided);
    if (isAlone) await this.#commits.allWritten();
  }

  /** A fault of the batcher itself: the messages come again, and the loop goes on. Dead, it would hold every later one. */
  #broken(taken: readonly Waiting[], thrown: unknown): void {
    this.ports.log.error({ err: toError(thrown) }, 'batch could not be taken, its messages come again');
    for (const { message, fail } of taken) {
      this.#cache.evict(message.runId);
      fail(asRetryable(thrown));
    }
  }

  #take(): readonly Waiting[] {
    const room = this.maxBatch - this.#commits.waiting;
    if (room <= 0 || this.#waiting.length === 0) return [];
    const isThere = (runId: RunId): boolean => !this.#absent.has(runId) && !this.#commits.holds(runId);
    const { taken, left } = nextBatch(this.#waiting, isThere, room);
    this.#waiting = [...left];
    return taken;
  }
}
