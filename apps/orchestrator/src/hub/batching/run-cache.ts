import type { RunId } from '@baton/contracts';
import type { VersionedRun } from '../hub-store.js';

/** What the cache may hold. By number alone, five thousand runs of a megabyte each would be more than the process may have. */
export interface CacheLimits {
  readonly runs: number;
  /** Characters of the events that the states stand in: what a state holds in memory, it holds of them. */
  readonly size: number;
}

const LIMITS: CacheLimits = { runs: 5_000, size: 128 * 1024 * 1024 };

/**
 * The states of the runs in motion, so that an advance costs no read. Only a cache, which another hub may have left behind:
 * what it says is checked at append, and that a message has no effect is not taken from it. What was not touched for the
 * longest goes first: it can be read again.
 */
export class RunCache {
  readonly #runs = new Map<string, VersionedRun>();
  #size = 0;

  constructor(private readonly limits: CacheLimits = LIMITS) {}

  get(runId: RunId): VersionedRun | undefined {
    return this.#runs.get(runId);
  }

  /** Keeps the newest state; an ended run is forgotten, since nothing more can happen to it. */
  put(runId: RunId, { state, version, segment }: VersionedRun): void {
    this.evict(runId);
    if (state.status !== 'running') return;
    const run = { state, version, segment };
    this.#runs.set(runId, run);
    this.#size += sizeOf(run);
    for (const oldest of this.#runs.keys()) {
      // The newest stays whatever its size: it is at work.
      if (oldest === runId || !this.#isFull()) return;
      this.evict(oldest);
    }
  }

  evict(runId: RunId): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    this.#runs.delete(runId);
    this.#size -= sizeOf(run);
  }

  #isFull(): boolean {
    return this.#runs.size > this.limits.runs || this.#size > this.limits.size;
  }
}

const sizeOf = ({ segment }: VersionedRun): number => segment.size + segment.snapshotSize;
