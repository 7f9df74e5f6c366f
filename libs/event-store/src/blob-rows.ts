import type { Pool } from 'pg';
import { query } from './pool.js';

/** A blob as it stands in the database, whether or not its content fits to its hash. */
export interface BlobRow {
  /** Hexadecimal. */
  readonly sha256: string;
  readonly size: number;
  readonly content: Buffer;
}

/** What is read at once, but for a single blob that is larger. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** All blobs, some megabytes at a time, in the order of their hashes. */
export async function* blobPages(pool: Pool): AsyncGenerator<readonly BlobRow[]> {
  let page = await blobsAfter(pool, '');
  while (page.length > 0) {
    yield page;
    page = await blobsAfter(pool, page.at(-1)?.sha256 ?? '');
  }
}

/** Blobs in the order of their hashes, after one of them: some megabytes, or one. None at the end. */
async function blobsAfter(pool: Pool, sha256: string): Promise<readonly BlobRow[]> {
  const rows = await query<{ sha256: Buffer; size: number; content: Buffer }>(
    pool,
    'blobs-after',
    'select sha256, size, content from baton.blobs_after($1, $2)',
    [Buffer.from(sha256, 'hex'), PAGE_BYTES],
  );
  return rows.map((row) => ({ ...row, sha256: row.sha256.toString('hex') }));
}
