import { deferred, RetryableError, type RunId, toError } from '@baton/contracts';
import type { Conflict } from '@baton/event-store';
import type { HubMessage, HubOutcome } from '../message.js';
import { guilty, heldBack } from '../suspicion.js';
import { Absent } from './absent.js';
import { asRetryable, isOfTheMessage, stopping, tooManyAbsent } from './batch-errors.js';
import type { BatcherPorts } from './batcher-ports.js';
import {
  type Asked,
  type Decided,
  type DecidedRun,
  type Deciding,
  decideMessages,
  type Waiting,
} from './decide-messages.js';
import { GroupCommit } from './group-commit.js';
import { isWorthAnother } from './is-worth-another.js';
import { nextBatch } from './next-batch.js';
import { notBegun } from './not-begun.js';
import { RunCache } from './run-cache.js';

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
 * A run appears once in a batch. The append is all or nothing: when it names offenders, they go back to waiting with
 * their state evicted, and the rest is appended again at once. A message that `decide` cannot digest, or whose advance the
 * database cannot hold, is found by writing each by itself and put aside alone.
 *
 * That a message has no effect is only believed of a state that is true: read just now, or about to be committed. The
 * cached one may be behind, when another hub took the run further or the answer to a commit was lost.
 */

/**
 * Runs that may be absent at once. Each holds a place among the messages that a queue hands out: whoever submits a thousand
 * runs that take their time must not have them all, so the next ones come again later.
 */
const MOST_ABSENT = 16;
/**
 * How long a batch waits for one of them, where no more may be absent. What needs a thread is over in a millisecond or two,
 * mostly: then the others need not come again later.
 */
const PATIENCE_MS = 25;
/**
 * A batch takes no more messages, of the same run or of another, once it has decided for so long. Deciding does not yield:
 * without this bound two hundred costly messages would keep the process from renewing its lease and the locks of its messages.
 */
const MAX_DECIDING_MS = 200;

export class Batcher {
  readonly #cache = new RunCache();
  readonly #absent = new Absent<Decided>();
  #waiting: Waiting[] = [];
  readonly #commits = new GroupCommit(
    (batch) => this.#append(batch).catch((thrown: unknown) => this.#notWritten(batch, thrown)),
    () => this.#wake(),
  );
  /** Rings when there is something to decide. */
  #bell = deferred<void>();
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(
    private readonly ports: BatcherPorts,
    private readonly maxBatch = 200,
  ) {}

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

  #wake(): void {
    this.#bell.resolve();
    this.#running ??= this.#drain();
  }

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
    this.#commits.add(await this.#decideSuspicious(taken));
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

  /** A suspect is taken alone, and decided under a note that stays behind where this process ends over it. */
  async #decideSuspicious(taken: readonly Waiting[]): Promise<readonly Decided[]> {
    const [only] = taken;
    const key = only?.message.suspectAs;
    if (only === undefined || key === undefined) return this.#decideBatch(taken);
    const { store } = this.ports;
    if (!(await store.beginSuspect({ key, runId: only.message.runId }))) return this.#holdBack(only);
    const decided = await this.#decideBatch(taken);
    await store.clearSuspect(key);
    return decided;
  }

  async #holdBack(waiting: Waiting): Promise<readonly Decided[]> {
    const { message } = waiting;
    this.ports.log.error({ runId: message.runId, order: message.order.type }, 'message ended its processes, held back');
    const instead = heldBack(message);
    if (instead !== null) return this.#decideBatch([{ ...waiting, message: instead }]);
    await this.#putAside(waiting, guilty(message));
    return [];
  }

  async #decideBatch(taken: readonly Waiting[]): Promise<readonly Decided[]> {
    const { monotonicMs } = this.ports;
    const beganMs = monotonicMs();
    const isLate = (): boolean => monotonicMs() - beganMs >= MAX_DECIDING_MS;
    const all: Decided[] = [];
    const untouched: Waiting[] = [];
    const cutOff: Waiting[] = [];
    let isOver = false;
    const patience = { leftMs: PATIENCE_MS, monotonicMs };
    for (const [runId, members] of Map.groupBy(taken, (waiting) => waiting.message.runId)) {
      // Those that are back are written first, where there is no room for more.
      isOver ||= !(await this.#absent.hasRoom(MOST_ABSENT, patience)) && this.#absent.someAreBack;
      if (isOver) {
        untouched.push(...members);
        continue;
      }
      const found = await this.#orAbsent(runId, members, isLate);
      if (found !== null) {
        if (found.decided !== null) all.push(found.decided);
        cutOff.push(...found.later);
      }
      isOver = isLate();
    }
    // A run with many messages goes behind the others, or it would have every batch to itself.
    this.#waiting.unshift(...untouched, ...cutOff);
    // Timers and sockets get their turn, too.
    if (isOver) await new Promise(setImmediate);
    return all;
  }

  /** What was decided for a run, or null where that takes time: then it comes back by itself. */
  async #orAbsent(runId: string, members: readonly Waiting[], isLate: () => boolean): Promise<DecidedRun | null> {
    let leave = (): void => {};
    const left = new Promise<null>((resolve) => {
      leave = () => {
        if (!this.#absent.has(runId) && this.#absent.away >= MOST_ABSENT) throw tooManyAbsent();
        resolve(null);
      };
    });
    const ports = { ...this.ports, evaluator: this.ports.evaluatorFor?.(leave) };
    const deciding = this.#decideRun({ runId, members, isLate, ports }).catch((thrown: unknown) =>
      this.#undecided(members, thrown),
    );
    const found = await Promise.race([deciding, left]);
    if (found !== null) return found;
    this.#absent.wait(
      runId,
      deciding.then(({ decided, later }) => {
        this.#waiting.unshift(...later);
        return decided;
      }),
      () => this.#wake(),
    );
    return null;
  }

  async #decideRun(asked: Asked): Promise<DecidedRun> {
    const { advance, effective, ignored, undecidable, later } = await this.#decideOnTrueState(asked);
    for (const { waiting, error } of undecidable) {
      if (error instanceof RetryableError) waiting.fail(error);
      else await this.#putAside(waiting, error);
    }
    if (advance !== null) return { decided: { advance, effective, ignored }, later };
    for (const waiting of ignored) waiting.settle('ignored');
    return { decided: null, later };
  }

  /** Trusts a state that was not read where every message has an effect on it: the append checks that nothing has changed. */
  async #decideOnTrueState({ runId, members, isLate, ports }: Asked): Promise<Deciding> {
    const cached = this.#cache.get(runId) ?? notBegun(members);
    const onCached = cached === undefined ? null : await decideMessages(runId, cached, members, ports, isLate);
    if (onCached !== null && onCached.effective.length + onCached.later.length === members.length) return onCached;
    const fresh = await this.ports.store.loadRun(runId);
    this.#cache.put(runId, fresh);
    if (onCached !== null && fresh.version === cached?.version) return onCached;
    return decideMessages(runId, fresh, members, ports, isLate);
  }

  async #undecided(members: readonly Waiting[], thrown: unknown): Promise<DecidedRun> {
    await this.#isolate(members, toError(thrown));
    return { decided: null, later: [] };
  }

  async #append(decided: readonly Decided[]): Promise<void> {
    let rest = decided;
    while (rest.length > 0) {
      const result = await this.ports.store.append(
        this.ports.dispatchedSeq(),
        rest.map(({ advance }) => advance.item),
      );
      if (result.ok) {
        for (const { advance, effective, ignored } of rest) {
          this.#cache.put(advance.runId, advance);
          for (const waiting of effective) waiting.settle('committed');
          for (const waiting of ignored) waiting.settle('ignored');
        }
        this.ports.dispatch(result.commands);
        this.ports.onCommitted?.(
          rest.map(({ advance }) => advance),
          result.commands,
        );
        return;
      }
      rest = this.#withoutOffenders(rest, result.conflicts);
    }
  }

  /** Whether the transaction was written is not known when its answer was lost: the cached states may be behind. */
  async #notWritten(decided: readonly Decided[], thrown: unknown): Promise<void> {
    for (const { advance } of decided) this.#cache.evict(advance.runId);
    const members = decided.flatMap(({ effective, ignored }) => [...effective, ...ignored]);
    await this.#isolate(members, toError(thrown));
  }

  /** What the messages themselves are to blame for is found by trying each alone; all else is tried again later. */
  async #isolate(members: readonly Waiting[], error: Error): Promise<void> {
    const [only] = members;
    if (!isOfTheMessage(error)) {
      for (const waiting of members) waiting.fail(asRetryable(error));
    } else if (only !== undefined && members.length === 1) {
      await this.#putAside(only, error);
    } else {
      for (const waiting of members) waiting.isAlone = true;
      this.#waiting.unshift(...members);
    }
  }

  async #putAside(waiting: Waiting, error: Error): Promise<void> {
    const { runId } = waiting.message;
    this.ports.log.error({ runId, err: error }, 'message could not be decided, it is put aside');
    try {
      await this.ports.store.park(waiting.message, error);
      waiting.settle('put-aside');
    } catch (thrown) {
      waiting.fail(asRetryable(thrown));
    }
  }

  #withoutOffenders(decided: readonly Decided[], conflicts: readonly Conflict[]): readonly Decided[] {
    const offending = Map.groupBy(conflicts, (conflict) => conflict.index);
    const again: Waiting[] = [];
    for (const [index, reasons] of offending) {
      const item = decided[index];
      if (item === undefined) throw new Error(`append named item ${index} of a batch of ${decided.length}`);
      this.#cache.evict(item.advance.runId);
      const repeated = new Set(reasons.filter((c) => c.reason === 'request-seen').map((c) => c.key));
      const members = [...item.effective, ...item.ignored];
      again.push(...members.filter((waiting) => isWorthAnother(waiting, repeated)));
    }
    this.#waiting.unshift(...again);
    return decided.filter((_, index) => !offending.has(index));
  }
}
