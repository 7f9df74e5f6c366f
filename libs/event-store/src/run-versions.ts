import type { RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';
import type { StoredEvent } from './streams.js';

/**
 * Which version each run has reached, for somebody who reads the log from its beginning. The runs seen last are held in
 * memory, up to a bound; of any other the log itself is asked, which was found sound up to there.
 */
export class RunVersions {
  readonly #seen = new Map<RunId, number>();

  constructor(
    private readonly pool: Pool,
    private readonly most: number,
  ) {}

  /** How many runs are held in memory. */
  get size(): number {
    return this.#seen.size;
  }

  /** The versions, before a page of the log, of the runs in it; 0 for one that has not begun. */
  async before(page: readonly Pick<StoredEvent, 'runId' | 'version'>[], position: number): Promise<Map<RunId, number>> {
    const firsts = new Map<RunId, number>();
    for (const { runId, version } of page) if (!firsts.has(runId)) firsts.set(runId, version);
    const unknown = [...firsts].filter(([runId]) => !this.#seen.has(runId));
    const found = await this.#ask(unknown, position);
    return new Map([...firsts.keys()].map((runId) => [runId, this.#seen.get(runId) ?? found.get(runId) ?? 0]));
  }

  /** Remembers them as those seen last. */
  keep(versions: ReadonlyMap<RunId, number>): void {
    for (const [runId, version] of versions) {
      this.#seen.delete(runId);
      this.#seen.set(runId, version);
    }
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= this.most) return;
      this.#seen.delete(oldest);
    }
  }

  /**
   * Versions have no gap up to there, so it is enough to look from the version at hand downwards: two steps in an index,
   * however long the run goes on behind it. Only where that one is there already, once too often, the last one is asked for.
   */
  async #ask(unknown: readonly (readonly [RunId, number])[], position: number): Promise<ReadonlyMap<RunId, number>> {
    if (unknown.length === 0) return new Map();
    const rows = await query<{ run_id: string; version: number }>(
      this.pool,
      'run-versions',
      `select q.run_id, case when found.version < q.version then found.version
              else (select max(e.version) from baton.event e where e.run_id = q.run_id and e.position <= $3) end as version
         from unnest($1::uuid[], $2::int[]) as q(run_id, version)
         cross join lateral (select max(e.version) as version from baton.event e
                              where e.run_id = q.run_id and e.version <= q.version and e.position <= $3) as found
        where found.version is not null`,
      [unknown.map(([runId]) => runId), unknown.map(([, version]) => version), position],
    );
    return new Map(rows.map(({ run_id, version }) => [run_id, version]));
  }
}
