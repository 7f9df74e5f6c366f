import { getBytes, putUpload } from '@baton/event-store';
import type { BlobStore } from '@baton/workspace';
import type { Pool } from 'pg';

/** The blobs of the event store, as the gateway may use them. */
export const workspaceStore = (pool: Pool): BlobStore => ({
  put: (bytes) => putUpload(pool, bytes),
  get: (sha256) => getBytes(pool, sha256),
});
