import { createHash } from 'node:crypto';
import type { Json } from '@baton/contracts';
import type { TaskJournal } from '@baton/worker';
import type { Blobs } from '../stored-value.js';

/** A journal as the database keeps it: JSON, of which the first entry of a number stands. */
export function journalInMemory(entries: string[] = []): TaskJournal & { readonly entries: string[] } {
  return {
    entries,
    read: async (index) => {
      const text = entries[index];
      return text === undefined ? null : (JSON.parse(text) as Json);
    },
    write: async (index, entry) => {
      entries[index] ??= JSON.stringify(entry);
    },
  };
}

export function blobsInMemory(): Blobs & { readonly kept: ReadonlyMap<string, Buffer> } {
  const kept = new Map<string, Buffer>();
  return {
    kept,
    put: async (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      kept.set(sha256, Buffer.from(bytes));
      return { sha256, size: bytes.length };
    },
    get: async (sha256) => kept.get(sha256) ?? Promise.reject(new Error(`no blob ${sha256}`)),
  };
}
