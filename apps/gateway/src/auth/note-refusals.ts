import { type Actor, toError } from '@baton/contracts';
import { type AccessNote, noteAccess } from '@baton/event-store';
import type { Pool } from 'pg';
import { tokenBuckets } from '../http/token-buckets.js';

/*
 * Refusals are written down, and whoever is refused on purpose must not fill the log with them. The first of a kind — the same
 * reason, route and caller or address — is written at once, those that follow within a minute are counted, and one entry says
 * at its end how many they were. Sixty entries may be written at once, and one more each minute; what is beyond that, is
 * counted in one entry a minute for all. So a process writes at most 60 entries and then two a minute, whatever comes.
 */

const BURST = 60;
const ONE_MORE_EVERY_MS = 60_000;
const WINDOW_MS = 60_000;
/** Kinds that are told apart within a window. */
const MOST_KINDS = 1_000;

interface Log {
  warn(facts: object, message: string): void;
}

export interface Refusal {
  readonly actor: Actor | null;
  readonly address: string;
  readonly route: string;
  readonly code: string;
  /** The id of the key that was wrong, where it has one. */
  readonly about?: string | undefined;
}

export interface Refusals {
  readonly note: (refusal: Refusal) => void;
  /** Ends the window: what was counted is written. */
  readonly flush: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param write adds one entry to the log of access */
export function noteRefusals(
  write: (note: AccessNote) => Promise<void>,
  log: Log,
  monotonicMs: () => number,
): Refusals {
  const counted = new Map<string, { readonly refusal: Refusal; count: number }>();
  const bucket = tokenBuckets({ burst: BURST, oneMoreEveryMs: ONE_MORE_EVERY_MS, mostNames: 1 }, monotonicMs);
  let beyond = 0;
  let writing: Promise<void> = Promise.resolve();

  const put = (note: AccessNote): void => {
    writing = writing
      .then(() => write(note))
      .catch((thrown: unknown) => {
        beyond += note.count ?? 1;
        log.warn({ err: toError(thrown) }, 'a refusal could not be written down');
      });
  };
  const mayWrite = (): boolean => bucket.take('') === null;
  const flush = (): Promise<void> => {
    for (const { refusal, count } of counted.values()) {
      if (count === 0) continue;
      if (mayWrite()) put({ kind: 'refused', ...refusal, count });
      else beyond += count;
    }
    counted.clear();
    if (beyond > 0) put({ kind: 'refused', actor: null, code: 'many', count: beyond });
    beyond = 0;
    return writing;
  };
  const timer = setInterval(flush, WINDOW_MS).unref();
  return {
    flush,
    note: (refusal) => {
      const { actor, address, route, code, about } = refusal;
      const key = JSON.stringify([code, route, actor === null ? [address, about] : [actor.type, actor.id]]);
      const known = counted.get(key);
      if (known !== undefined) known.count += 1;
      else if (counted.size < MOST_KINDS && mayWrite()) {
        counted.set(key, { refusal, count: 0 });
        put({ kind: 'refused', ...refusal });
      } else beyond += 1;
    },
    stop: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

/** Into the database. */
export const toAccessLog =
  (pool: Pool) =>
  (note: AccessNote): Promise<void> =>
    noteAccess(pool, note);
