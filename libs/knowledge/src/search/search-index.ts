import { setImmediate as yieldToOthers } from 'node:timers/promises';
import MiniSearch from 'minisearch';
import { wordsOf, wordsOfQuery } from './words.js';

/** One thing that can be found: the text of a passage, and what stands above it. */
export interface Entry {
  readonly title: string;
  readonly text: string;
}

export interface SearchIndex {
  /** The places of entries in the list that was indexed, best first, with how well each fits. */
  readonly search: (query: string, most: number) => readonly { readonly at: number; readonly rank: number }[];
}

/** So many are indexed before others have their turn: some milliseconds. */
const AT_ONCE = 40;

/** Ranks by BM25. Others have their turn while it is built; it is given up where `signal` aborts. */
export async function buildIndex(entries: readonly Entry[], signal: AbortSignal): Promise<SearchIndex> {
  const index = new MiniSearch<{ readonly id: number; readonly title: string; readonly text: string }>({
    fields: ['title', 'text'],
    tokenize: wordsOf,
    // They are as they shall be.
    processTerm: (term) => term,
  });
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE).map(({ title, text }, offset) => ({ id: at + offset, title, text }));
    index.addAll(some);
    await yieldToOthers();
    signal.throwIfAborted();
  }
  return {
    search: (query, most) =>
      index
        .search(query, {
          tokenize: wordsOfQuery,
          boost: { title: 2 },
          // `data` finds `database`; of short words everything would be the beginning.
          prefix: (term) => term.length >= 3,
          weights: { prefix: 0.4, fuzzy: 0 },
        })
        .slice(0, most)
        .map(({ id, score }) => ({ at: Number(id), rank: Math.round(score * 100) / 100 })),
  };
}
