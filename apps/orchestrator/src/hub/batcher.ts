import { RetryableError, toError } from '@baton/contracts';
import type { CommandRow, Conflict } from '@baton/event-store';
import type { Logger } from '@baton/service-kit';
import type { HubStore } from './hub-store.js';
import type { HubMessage, HubOutcome } from './message.js';
import { RunCache } from './run-cache.js';
import { closeTurn, decideInto, type OpenTurn, openTurn, type Turn } from './turn.js';

/*
 * Group commit. Messages wait in `#waiting`; one loop takes all that wait (up to `maxBatch`), decides them on cached
 * state and writes them in one transaction. While the commit is on its way the next messages gather, so under load the
 * batch grows and in quiet times a message waits for nothing but its own commit.
 *
 *   waiting ──take──▶ deciding (a turn per run, messages of a run in order) ──append──▶ settled
 *                          ▲                                                   │
 *                          └──── again, on fresh state ◀──── conflict ─────────┘
 *
 * A run appears once in a batch. The append is all or nothing: when it names offenders, they go back to waiting with
 * their state evicted, and the rest is appended again at once. A message that `decide` cannot digest is put aside alone.
 */

const MAX_ATTEMPTS = 8;

interface Waiting {
  readonly message: HubMessage;
  attempts: number;
  readonly settle: (outcome: HubOutcome) => void;
  readonly fail: (error: Error) => void;
}

interface Decided {
  readonly turn: Turn;
  readonly members: readonly Waiting[];
}

export interface BatcherPorts {
  readonly store: Pick<HubStore, 'loadRun' | 'append' | 'putBlob' | 'park'>;
  /** How far this process has sent commands: saved along with each append. */
  readonly dispatchedSeq: () => number;
  /** Called after each commit, in commit order, with the commands that became durable. Must not throw. */
  readonly dispatch: (commands: readonly CommandRow[]) => void;
  readonly nowMs: () => number;
  readonly log: Logger;
}

export class Batcher {
  readonly #cache: RunCache;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(
    private readonly ports: BatcherPorts,
    private readonly maxBatch = 200,
  ) {
    this.#cache = new RunCache(ports.store);
  }

  /**
   * Resolves when the message's events are committed, or when it turned out to have no effect.
   * Rejects with RetryableError when nothing was written and the message should come again.
   */
  handle(message: HubMessage): Promise<HubOutcome> {
    if (this.#stopped) return Promise.reject(stopping());
    return new Promise((settle, fail) => {
      this.#waiting.push({ message, attempts: 0, settle, fail });
      this.#running ??= this.#drain();
    });
  }

  /** Takes no more messages; resolves when those taken are settled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    // The messages of one tick belong in one batch: a bulk of results arrives as many promises of the same tick.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, this.maxBatch);
      await this.#batch(taken).catch((error: unknown) => {
        for (const waiting of taken) waiting.fail(asRetryable(error));
      });
    }
    this.#running = null;
  }

  async #batch(taken: readonly Waiting[]): Promise<void> {
    const byRun = Map.groupBy(taken, (waiting) => waiting.message.runId);
    const decided: Decided[] = [];
    for (const [runId, members] of byRun) {
      const turn = await this.#decideRun(runId, members);
      if (turn !== null) decided.push(turn);
    }
    await this.#append(decided);
  }

  async #decideRun(runId: string, members: readonly Waiting[]): Promise<Decided | null> {
    let turn: OpenTurn;
    try {
      const run = await this.#cache.load(runId);
      turn = openTurn(runId, run.state, run.version);
    } catch (thrown) {
      for (const waiting of members) waiting.fail(asRetryable(thrown));
      return null;
    }
    const effective: Waiting[] = [];
    for (const waiting of members) {
      try {
        if (await decideInto(turn, waiting.message, this.ports.nowMs())) effective.push(waiting);
        else waiting.settle('ignored');
      } catch (thrown) {
        await this.#putAside(waiting, toError(thrown));
      }
    }
    if (effective.length === 0) return null;
    return {
      turn: await closeTurn(turn, async (text) => ({ ...(await this.ports.store.putBlob(text)) })),
      members: effective,
    };
  }

  async #putAside(waiting: Waiting, error: Error): Promise<void> {
    const { runId } = waiting.message;
    this.ports.log.error({ runId, err: error }, 'message could not be decided, run parked');
    try {
      await this.ports.store.park(waiting.message, error);
      waiting.settle('ignored');
    } catch (thrown) {
      waiting.fail(asRetryable(thrown));
    }
  }

  async #append(decided: readonly Decided[]): Promise<void> {
    let rest = decided;
    while (rest.length > 0) {
      const result = await this.ports.store.append(
        this.ports.dispatchedSeq(),
        rest.map(({ turn }) => turn.item),
      );
      if (result.ok) {
        for (const { turn, members } of rest) {
          this.#cache.put(turn.runId, turn);
          for (const waiting of members) waiting.settle('committed');
        }
        this.ports.dispatch(result.commands);
        return;
      }
      rest = this.#withoutOffenders(rest, result.conflicts);
    }
  }

  #withoutOffenders(decided: readonly Decided[], conflicts: readonly Conflict[]): readonly Decided[] {
    const offending = Map.groupBy(conflicts, (conflict) => conflict.index);
    const again: Waiting[] = [];
    for (const [index, reasons] of offending) {
      const item = decided[index];
      if (item === undefined) throw new Error(`append named item ${index} of a batch of ${decided.length}`);
      this.#cache.evict(item.turn.runId);
      const repeated = new Set(reasons.filter((c) => c.reason === 'request-seen').map((c) => c.key));
      again.push(...item.members.filter((waiting) => this.#isWorthAnother(waiting, repeated)));
    }
    this.#waiting.unshift(...again);
    return decided.filter((_, index) => !offending.has(index));
  }

  /** A repeated request is done; anything else is decided again on the run as it is now. */
  #isWorthAnother(waiting: Waiting, repeated: ReadonlySet<string>): boolean {
    const { requestId, runId } = waiting.message;
    if (requestId !== undefined && repeated.has(requestId)) {
      waiting.settle('ignored');
      return false;
    }
    waiting.attempts += 1;
    if (waiting.attempts < MAX_ATTEMPTS) return true;
    waiting.fail(
      new RetryableError(`Run ${runId} changed under the hub ${MAX_ATTEMPTS} times in a row.`, {
        code: 'append-contention',
        retryAfterMs: 500,
      }),
    );
    return false;
  }
}

const stopping = (): RetryableError =>
  new RetryableError('The orchestrator is stopping.', { code: 'hub-stopping', retryAfterMs: 1_000 });

const asRetryable = (thrown: unknown): Error => {
  const error = toError(thrown);
  if (error instanceof RetryableError) return error;
  return new RetryableError(`The turn was not written: ${error.message}`, {
    code: 'append-failed',
    retryAfterMs: 500,
    cause: error,
  });
};
