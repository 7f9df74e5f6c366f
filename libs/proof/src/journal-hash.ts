import { createHash } from 'node:crypto';

/**
 * The hash of the first entries of a journal, which the result of its task names: SHA-256 over each entry's index, the length
 * of its JSON text in bytes (four bytes each, big endian), and the text.
 *
 * @returns hexadecimal
 */
export function journalHash(entries: readonly { readonly callIndex: number; readonly text: string }[]): string {
  const hash = createHash('sha256');
  for (const { callIndex, text } of entries) {
    const frame = Buffer.alloc(8);
    frame.writeInt32BE(callIndex, 0);
    frame.writeInt32BE(Buffer.byteLength(text), 4);
    hash.update(frame).update(text, 'utf8');
  }
  return hash.digest('hex');
}
