import { BatonError } from '@baton/contracts';
import { type BlobStore, sha256Of } from '@baton/workspace';

/** Blobs in memory. */
export function memoryBlobs(): BlobStore & { readonly all: Map<string, Buffer> } {
  const all = new Map<string, Buffer>();
  return {
    all,
    put: async (bytes) => {
      const sha256 = sha256Of(bytes);
      all.set(sha256, bytes);
      return { sha256, size: bytes.length };
    },
    get: async (sha256) => {
      const found = all.get(sha256);
      if (found !== undefined) return found;
      throw new BatonError(`Blob ${sha256} does not exist.`, { code: 'blob-missing' });
    },
  };
}
