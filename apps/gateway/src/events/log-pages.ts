import type { EventView } from '@baton/contracts';
import { readLog } from '@baton/event-store';
import type { Pool } from 'pg';
import { eventView } from './event-view.js';

/** An event, and the JSON of it: the same for all who are told of it. */
export interface LogEntry {
  readonly view: EventView;
  readonly json: string;
}

/** How long a page is kept for others who ask for the same. */
const KEPT_MS = 1_000;

/**
 * Pages of the log. Clients that follow it live stand at the same place and are woken together: what one has read is told to
 * all, so that ten thousand of them cost the database one question, and the memory one page.
 */
export class LogPages {
  readonly #pages = new Map<string, Promise<readonly LogEntry[]>>();

  constructor(private readonly pool: Pool) {}

  /** Events after a position, in the order of the log. */
  after(position: number, limit: number): Promise<readonly LogEntry[]> {
    const key = `${position}/${limit}`;
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const page = this.read(position, limit);
    this.#pages.set(key, page);
    void page.then(
      // An empty page may be the wrong answer a moment later.
      (entries) => this.#forget(key, entries.length === 0 ? 0 : KEPT_MS),
      () => this.#forget(key, 0),
    );
    return page;
  }

  /** The same for one who asks once, and must not be shown what was there a moment ago. */
  async read(afterPosition: number, limit: number): Promise<readonly LogEntry[]> {
    const stored = await readLog(this.pool, { afterPosition, limit });
    return stored.map((event) => {
      const view = eventView(event);
      return { view, json: JSON.stringify(view) };
    });
  }

  #forget(key: string, afterMs: number): void {
    if (afterMs === 0) this.#pages.delete(key);
    else setTimeout(() => this.#pages.delete(key), afterMs).unref();
  }
}
