import { toError } from '@baton/contracts';
import { noteKeysUsed } from '@baton/event-store';
import type { Pool } from 'pg';

const NOTE_EVERY_MS = 60_000;

interface Log {
  warn(facts: object, message: string): void;
}

export interface KeyUses {
  readonly used: (keyId: string) => void;
  readonly stop: () => Promise<void>;
}

/** Remembers when keys were used, and writes it down once a minute: a request waits for none of it. */
export function noteKeyUses(pool: Pool, log: Log, monotonicMs: () => number): KeyUses {
  const lastUsed = new Map<string, number>();
  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    const now = monotonicMs();
    const used = [...lastUsed].map(([keyId, atMs]) => ({ keyId, agoMs: now - atMs }));
    lastUsed.clear();
    if (used.length === 0) return writing;
    writing = writing
      .then(() => noteKeysUsed(pool, used))
      .catch((thrown: unknown) => log.warn({ err: toError(thrown) }, 'when keys were used last was not noted'));
    return writing;
  };
  const timer = setInterval(write, NOTE_EVERY_MS).unref();
  return {
    used: (keyId) => void lastUsed.set(keyId, monotonicMs()),
    stop: () => {
      clearInterval(timer);
      return write();
    },
  };
}
