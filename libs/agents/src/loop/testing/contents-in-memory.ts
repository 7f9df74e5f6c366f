import { createHash } from 'node:crypto';
import type { Contents } from '../workbench.js';

/** Contents in memory. */
export function contentsInMemory(): Contents {
  const stored = new Map<string, Uint8Array>();
  return {
    put: async (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      stored.set(sha256, bytes);
      return sha256;
    },
    get: async (sha256) => {
      const bytes = stored.get(sha256);
      if (bytes === undefined) throw new Error(`no content ${sha256}`);
      return bytes;
    },
  };
}
