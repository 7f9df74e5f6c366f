import type { RunId } from '@baton/contracts';
import type { HubStore, VersionedRun } from './hub-store.js';

/**
 * The states of the runs in motion, so that a turn costs no read. Only a cache: a conflict at append evicts, and the
 * next turn folds the stream again.
 */
export class RunCache {
  readonly #runs = new Map<string, VersionedRun>();

  constructor(
    private readonly store: Pick<HubStore, 'loadRun'>,
    private readonly maxRuns = 5_000,
  ) {}

  async load(runId: RunId): Promise<VersionedRun> {
    return this.#runs.get(runId) ?? (await this.store.loadRun(runId));
  }

  /** Keeps the newest state; an ended run is forgotten, since nothing more can happen to it. */
  put(runId: RunId, { state, version }: VersionedRun): void {
    this.#runs.delete(runId);
    if (state.status !== 'running') return;
    this.#runs.set(runId, { state, version });
    if (this.#runs.size <= this.maxRuns) return;
    const oldest = this.#runs.keys().next();
    if (!oldest.done) this.#runs.delete(oldest.value);
  }

  evict(runId: RunId): void {
    this.#runs.delete(runId);
  }
}
