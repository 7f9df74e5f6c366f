import { isConnectionLoss, toError } from '@baton/contracts';
import type { Logger } from '@baton/service-kit';
import type { Queues } from './queues.js';

/**
 * Wakes whoever waits for the end of a run when a hub tells of it, once the views have it. A word of a hub may be missed, so
 * whoever waits looks by himself, too. Nothing is heard before somebody waits: it takes a connection.
 */
export class Ends {
  readonly #waiting = new Map<string, Set<() => void>>();
  #hearing: Promise<void> | null = null;

  /** @param fold brings the views up to the log */
  constructor(
    private readonly queues: Pick<Queues, 'hearEnds'>,
    private readonly fold: () => Promise<void>,
    private readonly log: Pick<Logger, 'debug' | 'warn'>,
  ) {}

  /** Calls `wake` when the run has ended. @returns the function that ends it */
  listen(runId: string, wake: () => void): () => void {
    const ofRun = this.#waiting.get(runId) ?? new Set();
    this.#waiting.set(runId, ofRun.add(wake));
    this.#hearing ??= this.#hear();
    return () => {
      ofRun.delete(wake);
      if (ofRun.size === 0 && this.#waiting.get(runId) === ofRun) this.#waiting.delete(runId);
    };
  }

  async #hear(): Promise<void> {
    try {
      await this.queues.hearEnds((runIds) => this.#told(runIds));
    } catch (thrown) {
      // The next one who waits tries again.
      this.#hearing = null;
      const err = toError(thrown);
      this.log[isConnectionLoss(err) ? 'debug' : 'warn']({ err }, 'ends of runs cannot be heard, they are looked for');
    }
  }

  #told(runIds: readonly string[]): void {
    const wakes = runIds.flatMap((runId) => [...(this.#waiting.get(runId) ?? [])]);
    if (wakes.length === 0) return;
    void this.fold().then(() => {
      for (const wake of wakes) wake();
    });
  }
}
