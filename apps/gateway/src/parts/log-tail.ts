import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '@baton/contracts';
import { logHead } from '@baton/event-store';
import { readModel } from '@baton/read-model';
import type { Pool } from 'pg';

/** The part of a pino logger that the tail uses. */
export interface TailLog {
  warn(facts: object, message: string): void;
}

const POLL_MS = 100;
const BACKOFF_MS = 1_000;
/** Stands for all runs: no run has it as its id. */
const ALL = '*';
/** Further behind than this it is cheaper to let every listener look for itself. */
const WAKE_ALL_ABOVE = 1_000;

/**
 * Tells listeners that their run has new events. One loop a process asks the log, and only while somebody listens;
 * each listener then reads its own run. A wake-up may come for nothing; none is missing for what was appended after
 * `listen` returned.
 */
export class LogTail {
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #stopping = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly log: TailLog,
  ) {}

  /** Aborted when the process stops: whoever follows the log ends then. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** How many listen now. */
  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, ofRun) => sum + ofRun.size, 0);
  }

  /** Calls `wake` when the run may have new events. @returns the function that ends it. */
  listen(runId: string, wake: () => void): () => void {
    const ofRun = this.#listeners.get(runId) ?? new Set();
    this.#listeners.set(runId, ofRun.add(wake));
    this.#loop ??= this.#follow();
    return () => {
      ofRun.delete(wake);
      if (ofRun.size === 0 && this.#listeners.get(runId) === ofRun) this.#listeners.delete(runId);
    };
  }

  /** Calls `wake` when any run may have new events. @returns the function that ends it. */
  listenToAll(wake: () => void): () => void {
    return this.listen(ALL, wake);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #follow(): Promise<void> {
    let seen: number | null = null;
    while (this.#listeners.size > 0 && !this.#stopping.signal.aborted) {
      try {
        seen = await this.#look(seen);
        await this.#pause(POLL_MS);
      } catch (thrown) {
        this.log.warn({ err: toError(thrown) }, 'live events wait for the database');
        seen = null;
        await this.#pause(BACKOFF_MS);
      }
    }
    this.#loop = null;
  }

  /** Wakes whom the events after `seen` concern. `seen` is null when it is unknown what was missed: then everybody. */
  async #look(seen: number | null): Promise<number> {
    const head = await logHead(this.pool);
    if (seen === null || head - seen > WAKE_ALL_ABOVE) {
      for (const ofRun of this.#listeners.values()) wakeAll(ofRun);
      return head;
    }
    if (head <= seen) return seen;
    wakeAll(this.#listeners.get(ALL));
    // Who follows all of the log looks for itself.
    if (this.#listeners.size === (this.#listeners.has(ALL) ? 1 : 0)) return head;
    for (const runId of await runsBetween(this.pool, seen, head)) wakeAll(this.#listeners.get(runId));
    return head;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {
      // Stopped while waiting: the loop ends.
    });
  }
}

/** The runs that have events after one position, up to another. */
async function runsBetween(pool: Pool, after: number, upTo: number): Promise<readonly string[]> {
  const rows = await readModel(pool, 'runs-between')
    .selectFrom('event')
    .select('run_id')
    .distinct()
    .where('position', '>', after)
    .where('position', '<=', upTo)
    .execute();
  return rows.map(({ run_id }) => run_id);
}

function wakeAll(listeners: ReadonlySet<() => void> | undefined): void {
  for (const wake of listeners ?? []) wake();
}
