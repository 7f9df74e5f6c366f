import { BatonError, type Deferred, deferred, toError } from '@baton/contracts';
import { logHead } from '@baton/event-store';
import type { Pool } from 'pg';
import type { RunFold } from '../run-view/run-fold.js';
import { projectPage } from './project-page.js';

/** The part of a pino logger that the projector uses. */
export interface ProjectorLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  fatal(facts: object, message: string): void;
}

export interface ProjectorOptions {
  readonly pool: Pool;
  readonly log: ProjectorLog;
  /** How long to wait when there is nothing to fold. */
  readonly pollMs?: number;
  /** Events a transaction. */
  readonly pageSize?: number;
}

/** `stopped`: an event could not be folded; the views stay as they are before it until a newer program goes on. */
export type ProjectorState = { readonly status: 'running' } | { readonly status: 'stopped'; readonly error: Error };

const MAX_BACKOFF_MS = 2_000;

/*
 *            head > seen                    nothing left, or another is at it
 *   idle ───────────────▶ folding a page ─────────────────────────────────────▶ idle
 *     ▲  every pollMs          │  │ folded some: the next page at once
 *     │                        │  └──▶ folding
 *     └── after a backoff ─────┤ the database failed
 *                              └──▶ stopped: the next event cannot be folded
 *
 * Several may run, in one process or many: the cursor's row lock lets one fold, the others look again later.
 */

/** Keeps `baton.run_view` up with the log. */
export class Projector {
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  /** Where the cursor was when last seen: with the head it tells, in one cheap read, that there is nothing to do. */
  #seen = -1;
  /** What the last page changed: the next one is often about the same runs. */
  #recent: ReadonlyMap<string, RunFold> = new Map();
  #state: ProjectorState = { status: 'running' };
  /** Rings when the pause is to end. */
  #bell = deferred<void>();
  /** Who asked for a look that has not begun yet. */
  #asked: Deferred<void> | null = null;

  private constructor(private readonly options: ProjectorOptions) {
    this.#loop = this.#run();
  }

  static start(options: ProjectorOptions): Projector {
    return new Projector(options);
  }

  get state(): ProjectorState {
    return this.#state;
  }

  /**
   * Looks now, and not when the pause is over. Resolves when everything is folded that was in the log by now, by whomever, as far
   * as that is possible: another may be at it, the database may be away.
   */
  look(): Promise<void> {
    if (this.#stopping.signal.aborted || this.#state.status === 'stopped') return Promise.resolve();
    this.#asked ??= deferred<void>();
    this.#bell.resolve();
    return this.#asked.promise;
  }

  /** Resolves when the page at hand is committed or given up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#bell.resolve();
    await this.#loop;
  }

  async #run(): Promise<void> {
    try {
      await this.#keepUp();
    } finally {
      this.#asked?.resolve();
    }
  }

  async #keepUp(): Promise<void> {
    const { log, pollMs = 100 } = this.options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      this.#bell = deferred();
      const asked = this.#asked;
      this.#asked = null;
      try {
        const isBehind = await this.#turn();
        if (isBehind) this.#askAgain(asked);
        else asked?.resolve();
        if (failures > 0) log.info({ failures }, 'projection goes on');
        failures = 0;
        if (!isBehind) await this.#pause(pollMs);
      } catch (thrown) {
        const error = toError(thrown);
        if (error instanceof BatonError && error.code === 'projection-stopped') {
          this.#state = { status: 'stopped', error };
          asked?.resolve();
          log.fatal({ err: error }, 'projection stopped: an event cannot be folded');
          return;
        }
        asked?.resolve();
        failures += 1;
        // One line for an outage, not one for every attempt.
        if (failures === 1) log.warn({ err: error }, 'projection waits for the database');
        await this.#pause(Math.min(MAX_BACKOFF_MS, pollMs * 2 ** Math.min(failures, 10)));
      }
    }
  }

  /** @returns whether there may be more to fold right now. */
  async #turn(): Promise<boolean> {
    const { pool, pageSize = 500 } = this.options;
    if (this.#seen >= (await logHead(pool))) return false;
    const outcome = await projectPage(pool, pageSize, this.#recent);
    if (outcome.status === 'busy') return false;
    this.#seen = outcome.position;
    this.#recent = outcome.folds;
    // Less than a page can also mean an event that cannot be folded: the next turn begins with it and says so.
    return outcome.events > 0;
  }

  /** There is more to fold: it is not over for those who asked before, and for those who asked meanwhile neither. */
  #askAgain(before: Deferred<void> | null): void {
    if (before === null) return;
    void this.#asked?.promise.then(before.resolve);
    this.#asked ??= before;
  }

  /** Until somebody asks for a look, or so long at most. */
  async #pause(ms: number): Promise<void> {
    const timer = setTimeout(this.#bell.resolve, ms);
    await this.#bell.promise;
    clearTimeout(timer);
  }
}
