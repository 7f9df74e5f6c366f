import { readStream } from '@baton/event-store';
import { initialState, type RunState, rebuild, upcast } from '@baton/workflow';
import type { Pool } from 'pg';

export interface CachedRun {
  readonly state: RunState;
  readonly version: number;
}

/**
 * The states of the runs in motion, so that a turn costs no read. Only a cache: a conflict at append evicts, and the
 * next turn folds the stream again.
 */
export class RunCache {
  readonly #runs = new Map<string, CachedRun>();

  constructor(
    private readonly pool: Pool,
    private readonly maxRuns = 5_000,
  ) {}

  async load(runId: string): Promise<CachedRun> {
    const cached = this.#runs.get(runId);
    if (cached !== undefined) return cached;
    const stored = await readStream(this.pool, runId, {});
    const events = stored.map((event) => upcast(event.type, event.schemaVersion, JSON.parse(event.dataText)));
    return { state: events.length === 0 ? initialState : rebuild(events), version: events.length };
  }

  /** Keeps the newest state; an ended run is forgotten, since nothing more can happen to it. */
  put(runId: string, run: CachedRun): void {
    this.#runs.delete(runId);
    if (run.state.status !== 'running') return;
    this.#runs.set(runId, run);
    if (this.#runs.size > this.maxRuns) {
      const oldest = this.#runs.keys().next();
      if (!oldest.done) this.#runs.delete(oldest.value);
    }
  }

  evict(runId: string): void {
    this.#runs.delete(runId);
  }
}
