import { setTimeout as sleep } from 'node:timers/promises';
import { OperationsPart, type QueueView, toError } from '@baton/contracts';
import { operationsMarks } from '@baton/event-store';
import { deliveriesMark } from '@baton/notifications';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';

/** How often it is looked, and so how often somebody is told at most. */
const LOOK_EVERY_MS = 3_000;

type Marks = Readonly<Partial<Record<OperationsPart, string>>>;

export interface OperationsWatchPorts {
  readonly pool: Pool;
  readonly queueCounts: () => Promise<readonly QueueView[]>;
  readonly log: Pick<Logger, 'debug'>;
}

/**
 * Tells listeners which of the things that operators look at have changed and are no events: how many messages wait, who works,
 * what could not be taken or delivered, keys and sessions. One loop a process looks, for all of them, and only while somebody
 * listens. What changed before the first look is not told: whoever listens asks once of himself.
 */
export class OperationsWatch {
  readonly #listeners = new Set<(changed: readonly OperationsPart[]) => void>();
  readonly #stopping = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(
    private readonly ports: OperationsWatchPorts,
    private readonly lookEveryMs = LOOK_EVERY_MS,
  ) {}

  /** @returns the function that ends it */
  listen(tell: (changed: readonly OperationsPart[]) => void): () => void {
    this.#listeners.add(tell);
    this.#loop ??= this.#follow();
    return () => this.#listeners.delete(tell);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #follow(): Promise<void> {
    let before: Marks | null = null;
    while (this.#listeners.size > 0 && !this.#stopping.signal.aborted) {
      const marks: Marks = { ...before, ...(await this.#look()) };
      const changed = before === null ? [] : changedBetween(before, marks);
      if (changed.length > 0) for (const tell of this.#listeners) tell(changed);
      before = marks;
      await sleep(this.lookEveryMs, undefined, { signal: this.#stopping.signal }).catch(() => {
        // Stopped while waiting: the loop ends.
      });
    }
    this.#loop = null;
  }

  /** What cannot be asked for is left out; that the queues are away is something that whoever looks at them is to know. */
  async #look(): Promise<Marks> {
    const { pool, queueCounts, log } = this.ports;
    const [queues, ofLog, webhooks] = await Promise.all([
      queueCounts().then(queuesMark, () => 'away'),
      operationsMarks(pool).catch((thrown: unknown) => {
        log.debug({ err: toError(thrown) }, 'what operators look at could not be looked at');
        return null;
      }),
      deliveriesMark(pool).catch(() => null),
    ]);
    return {
      queues,
      ...(webhooks === null ? {} : { webhooks }),
      ...(ofLog === null
        ? {}
        : { workers: ofLog.workers, 'dead-letters': ofLog.deadLetters, keys: ofLog.keys, sessions: ofLog.sessions }),
    };
  }
}

/** For how long the oldest message waits goes on by itself: it is no change. */
const queuesMark = (queues: readonly QueueView[]): string =>
  JSON.stringify(queues.map(({ oldestMs, ...queue }) => ({ ...queue, isWaiting: oldestMs !== null })));

const changedBetween = (before: Marks, now: Marks): readonly OperationsPart[] =>
  OperationsPart.options.filter((part) => before[part] !== now[part]);
