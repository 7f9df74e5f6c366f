import { hash } from 'node:crypto';

/** Bytes of a hash. */
export const HASH_BYTES = 32;

/**
 * The leaf of an event in the tree, as RFC 6962 hashes a leaf, over its position (eight bytes, big endian) and its hash.
 * Together they cover every column of the log.
 *
 * @param position from 1; the leaf stands at index `position - 1`
 */
export function leafOf(position: number, eventHash: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(9 + HASH_BYTES);
  bytes.writeUInt8(0x00, 0);
  bytes.writeBigUInt64BE(BigInt(position), 1);
  bytes.set(eventHash, 9);
  return hash('sha256', bytes, 'buffer');
}

/** RFC 6962, section 2.1: what stands above two nodes. The prefix keeps it from passing for a leaf. */
export function parentOf(left: Uint8Array, right: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  bytes.writeUInt8(0x01, 0);
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH_BYTES);
  return hash('sha256', bytes, 'buffer');
}

/** The root of the tree without leaves. */
export const emptyRoot = (): Buffer => hash('sha256', '', 'buffer');
