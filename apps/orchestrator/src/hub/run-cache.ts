import type { RunId } from '@baton/contracts';
import type { VersionedRun } from './hub-store.js';

/**
 * The states of the runs in motion, so that a turn costs no read. Only a cache, which another hub may have left behind:
 * what it says is checked at append, and that a message has no effect is not taken from it.
 */
export class RunCache {
  readonly #runs = new Map<string, VersionedRun>();

  constructor(private readonly maxRuns = 5_000) {}

  get(runId: RunId): VersionedRun | undefined {
    return this.#runs.get(runId);
  }

  /** Keeps the newest state; an ended run is forgotten, since nothing more can happen to it. */
  put(runId: RunId, { state, version, segment }: VersionedRun): void {
    this.#runs.delete(runId);
    if (state.status !== 'running') return;
    this.#runs.set(runId, { state, version, segment });
    if (this.#runs.size <= this.maxRuns) return;
    const oldest = this.#runs.keys().next();
    if (!oldest.done) this.#runs.delete(oldest.value);
  }

  evict(runId: RunId): void {
    this.#runs.delete(runId);
  }
}
