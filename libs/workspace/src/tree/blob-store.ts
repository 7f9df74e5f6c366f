import { createHash } from 'node:crypto';
import { BatonError } from '@baton/contracts';

/** What was stored: SHA-256 as hex, and the size in bytes. */
export interface StoredBytes {
  readonly sha256: string;
  readonly size: number;
}

/** Where the bytes of files and trees are kept, by their hash. The gateway, the workers and tests each bring their own. */
export interface BlobStore {
  /** Never called with no bytes at all. What it gives is of what it stored, which is what counts. */
  put(bytes: Buffer): Promise<StoredBytes>;
  /** Rejects where there is none (`blob-missing`). */
  get(sha256: string): Promise<Buffer>;
}

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** An empty file needs no blob. */
const EMPTY: StoredBytes = { sha256: sha256Of(Buffer.alloc(0)), size: 0 };

export const putFile = (store: BlobStore, bytes: Buffer): Promise<StoredBytes> =>
  bytes.length === 0 ? Promise.resolve(EMPTY) : store.put(bytes);

/** @throws BatonError `blob-missing`, and `blob-corrupt` where the size is another one */
export async function getFile(store: BlobStore, { sha256, size }: StoredBytes): Promise<Buffer> {
  if (size === 0) return Buffer.alloc(0);
  const bytes = await store.get(sha256);
  if (bytes.length === size) return bytes;
  throw new BatonError(`Blob ${sha256} holds ${bytes.length} bytes, and a tree says ${size}.`, {
    code: 'blob-corrupt',
  });
}
