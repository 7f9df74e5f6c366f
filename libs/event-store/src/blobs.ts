import { createHash } from 'node:crypto';
import { BatonError, type BlobRef, TerminalError } from '@baton/contracts';
import type { Pool } from 'pg';
import { one, query } from './pool.js';

/** Stores a text under its hash. Storing it again changes nothing. */
export const putBlob = (pool: Pool, text: string): Promise<BlobRef> => putBytes(pool, Buffer.from(text, 'utf8'));

/** Stores bytes, at least one, under their hash. Storing them again changes nothing. */
export async function putBytes(pool: Pool, content: Buffer): Promise<BlobRef> {
  const stored = await query<{ sha256: Buffer }>(pool, 'put-blob', 'select baton.put_blob($1) as sha256', [content]);
  return { sha256: one(stored, 'a blob').sha256.toString('hex'), size: content.length };
}

/** The same for the gateway, which may put 16 MiB at most. */
export async function putUpload(pool: Pool, content: Buffer): Promise<BlobRef> {
  const sql = 'select baton.put_upload($1) as sha256';
  const stored = await query<{ sha256: Buffer }>(pool, 'put-upload', sql, [content]);
  return { sha256: one(stored, 'a blob').sha256.toString('hex'), size: content.length };
}

/** @throws BatonError `blob-missing`; TerminalError `blob-corrupt` when the content is not what the reference says */
export async function getBlob(pool: Pool, ref: BlobRef): Promise<string> {
  const content = await getBytes(pool, ref.sha256);
  if (content.length !== ref.size) throw corrupt(ref.sha256, content);
  return content.toString('utf8');
}

/** The bytes with a hash. @throws as `getBlob` */
export async function getBytes(pool: Pool, sha256: string): Promise<Buffer> {
  const rows = await query<{ content: Buffer | null }>(pool, 'get-blob', 'select baton.get_blob($1) as content', [
    Buffer.from(sha256, 'hex'),
  ]);
  const content = rows[0]?.content ?? null;
  if (content === null) {
    throw new BatonError(`Blob ${sha256} does not exist.`, {
      code: 'blob-missing',
      next: 'Store the payload before sending its reference.',
    });
  }
  if (hashOf(content) !== sha256) throw corrupt(sha256, content);
  return content;
}

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const corrupt = (sha256: string, content: Buffer): TerminalError =>
  new TerminalError(`Blob ${sha256} holds ${content.length} bytes with hash ${hashOf(content)}.`, {
    code: 'blob-corrupt',
  });
