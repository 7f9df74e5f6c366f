import { BatonError } from '@baton/contracts';
import { type BlobStore, sha256Of } from '../tree/blob-store.js';

/** A store in memory, and how often something was put into it. For tests. */
export function memoryStore(): BlobStore & {
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly puts: () => number;
} {
  const blobs = new Map<string, Buffer>();
  let puts = 0;
  return {
    blobs,
    puts: () => puts,
    put: async (bytes) => {
      if (bytes.length === 0) throw new Error('no blob is empty');
      puts += 1;
      const sha256 = sha256Of(bytes);
      blobs.set(sha256, Buffer.from(bytes));
      return { sha256, size: bytes.length };
    },
    get: async (sha256) => {
      const bytes = blobs.get(sha256);
      if (bytes === undefined) throw new BatonError(`Blob ${sha256} does not exist.`, { code: 'blob-missing' });
      return bytes;
    },
  };
}
