import { createHash } from 'node:crypto';
import { BatonError, type BlobRef, TerminalError } from '@baton/contracts';
import type { Pool } from 'pg';
import { one, query } from './pool.js';

/** Stores a text under its hash. Storing it again changes nothing. */
export async function putBlob(pool: Pool, text: string): Promise<BlobRef> {
  const content = Buffer.from(text, 'utf8');
  const stored = await query<{ sha256: Buffer }>(pool, 'put-blob', 'select baton.put_blob($1) as sha256', [content]);
  return { sha256: one(stored, 'a blob').sha256.toString('hex'), size: content.length };
}

/** @throws BatonError `blob-missing`; TerminalError `blob-corrupt` when the content is not what the reference says */
export async function getBlob(pool: Pool, ref: BlobRef): Promise<string> {
  const rows = await query<{ content: Buffer | null }>(pool, 'get-blob', 'select baton.get_blob($1) as content', [
    Buffer.from(ref.sha256, 'hex'),
  ]);
  const content = rows[0]?.content ?? null;
  if (content === null) {
    throw new BatonError(`Blob ${ref.sha256} does not exist.`, {
      code: 'blob-missing',
      next: 'Store the payload before sending its reference.',
    });
  }
  const actual = createHash('sha256').update(content).digest('hex');
  if (actual !== ref.sha256 || content.length !== ref.size) {
    throw new TerminalError(`Blob ${ref.sha256} holds ${content.length} bytes with hash ${actual}.`, {
      code: 'blob-corrupt',
    });
  }
  return content.toString('utf8');
}
