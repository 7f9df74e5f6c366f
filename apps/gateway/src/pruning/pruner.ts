import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '@baton/contracts';
import type { Logger } from '@baton/service-kit';
import { type PruneParts, pruneRound } from './prune-round.js';

/** Not while everybody starts. */
const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 60_000;

interface PrunerOptions extends PruneParts {
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Removes what is kept no longer, a little every minute. Each gateway has one; the database lets one at a time work. */
export class Pruner {
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;

  private constructor(private readonly options: PrunerOptions) {
    this.#loop = this.#run();
  }

  static start(options: PrunerOptions): Pruner {
    return new Pruner(options);
  }

  /** Resolves when the step at hand is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { log } = this.options;
    const { signal } = this.#stopping;
    let failures = 0;
    for (let waitMs = FIRST_AFTER_MS; await this.#pause(waitMs); waitMs = EVERY_MS) {
      try {
        const done = await pruneRound(this.options, signal);
        if (done !== null && (done.rows > 0 || (done.sweep?.phase === 'idle' && done.sweep.removed > 0))) {
          log.info({ rows: done.rows, sweep: done.sweep }, 'what is kept no longer was removed');
        }
        failures = 0;
      } catch (thrown) {
        failures += 1;
        // One line for an outage, not one for every attempt.
        if (failures === 1)
          log.warn({ err: toError(thrown) }, 'what is kept no longer could not be removed; it is tried again');
      }
    }
  }

  /** @returns false once it is to stop */
  async #pause(ms: number): Promise<boolean> {
    const { signal } = this.#stopping;
    await sleep(ms, undefined, { signal, ref: false }).catch(() => {
      // Stopped while waiting: the loop ends.
    });
    return !signal.aborted;
  }
}
