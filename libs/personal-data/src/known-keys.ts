import type { RunId } from '@baton/contracts';
import type { SubjectKey } from './sealed-value.js';
import type { KeyStore } from './sealer.js';

/** For how long a process may go on with a key that was destroyed. Milliseconds. */
export const KNOWN_FOR_MS = 2_000;

/** After so many the oldest are forgotten. */
const MOST_KNOWN = 10_000;

/**
 * The same keys, remembered for two seconds: what is busy with one run asks for the same few, and what was erased must be gone
 * soon in every process.
 */
export function rememberingKeys(keys: KeyStore, monotonicMs: () => number): KeyStore {
  const bySubject = new Known<SubjectKey>(monotonicMs);
  const byId = new Known<Buffer>(monotonicMs);
  return {
    keyFor: async (subject, runId) => {
      const name = `${runId} ${subject}`;
      const known = bySubject.get(name) ?? (await keys.keyFor(subject, runId));
      bySubject.set(name, known);
      byId.set(known.keyId, known.key);
      return known;
    },
    keysOf: async (keyIds) => {
      const found = new Map<string, Buffer>();
      const missing: string[] = [];
      for (const keyId of keyIds) {
        const key = byId.get(keyId);
        if (key === undefined) missing.push(keyId);
        else found.set(keyId, key);
      }
      if (missing.length === 0) return found;
      for (const [keyId, key] of await keys.keysOf(missing)) {
        found.set(keyId, key);
        byId.set(keyId, key);
      }
      return found;
    },
    noteRun: (keyIds: readonly string[], runId: RunId) => keys.noteRun(keyIds, runId),
  };
}

class Known<T> {
  readonly #values = new Map<string, { readonly value: T; readonly untilMs: number }>();

  constructor(private readonly monotonicMs: () => number) {}

  get(name: string): T | undefined {
    const known = this.#values.get(name);
    return known !== undefined && known.untilMs > this.monotonicMs() ? known.value : undefined;
  }

  /** Counts from when it was read: to be used again does not make it last. */
  set(name: string, value: T): void {
    if (this.get(name) !== undefined) return;
    this.#values.delete(name);
    this.#values.set(name, { value, untilMs: this.monotonicMs() + KNOWN_FOR_MS });
    const [oldest] = this.#values.keys();
    if (this.#values.size > MOST_KNOWN && oldest !== undefined) this.#values.delete(oldest);
  }
}
