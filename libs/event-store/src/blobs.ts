import { createHash } from 'node:crypto';
import { BatonError, type BlobRef, TerminalError } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** Stores a text under its hash. Storing it again changes nothing. */
export async function putBlob(pool: Pool, text: string): Promise<BlobRef> {
  const content = Buffer.from(text, 'utf8');
  const sha256 = createHash('sha256').update(content).digest();
  await query(
    pool,
    'put-blob',
    'insert into baton.blob (sha256, size, content) values ($1, $2, $3) on conflict (sha256) do nothing',
    [sha256, content.length, content],
  );
  return { sha256: sha256.toString('hex'), size: content.length };
}

/** @throws BatonError `blob-missing`; TerminalError `blob-corrupt` when the content is not what the reference says */
export async function getBlob(pool: Pool, ref: BlobRef): Promise<string> {
  const rows = await query<{ content: Buffer }>(pool, 'get-blob', 'select content from baton.blob where sha256 = $1', [
    Buffer.from(ref.sha256, 'hex'),
  ]);
  const [row] = rows;
  if (row === undefined) {
    throw new BatonError(`Blob ${ref.sha256} does not exist.`, {
      code: 'blob-missing',
      next: 'Store the payload before sending its reference.',
    });
  }
  const actual = createHash('sha256').update(row.content).digest('hex');
  if (actual !== ref.sha256 || row.content.length !== ref.size) {
    throw new TerminalError(`Blob ${ref.sha256} holds ${row.content.length} bytes with hash ${actual}.`, {
      code: 'blob-corrupt',
    });
  }
  return row.content.toString('utf8');
}
