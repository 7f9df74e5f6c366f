import type { CatalogEntry } from './catalog.js';

const MOST_KEPT = 500;

/**
 * What was found while nothing was published or withdrawn. An entry is kept under the number that was read before it was
 * looked for: whoever reads the same number later knows that it is what the table would say.
 */
export class KnownEntries {
  #change: number | null = null;
  readonly #found = new Map<string, CatalogEntry>();

  get(change: number, key: string): CatalogEntry | undefined {
    if (change !== this.#change) {
      this.#found.clear();
      this.#change = change;
    }
    return this.#found.get(key);
  }

  /** Nothing is kept that was looked for under another number than the one that was seen last. */
  put(change: number, key: string, entry: CatalogEntry): void {
    if (change === this.#change && this.#found.size < MOST_KEPT) this.#found.set(key, entry);
  }
}
