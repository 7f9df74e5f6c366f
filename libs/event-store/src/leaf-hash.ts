import { createHash } from 'node:crypto';

/** What the hash of an event covers: everything but its position, which is its place in the tree. */
export interface Leaf {
  readonly runId: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly eventId: string;
  readonly causationId: string | null;
  readonly correlationId: string | null;
  /** RFC 3339, UTC, milliseconds. */
  readonly recordedAt: string;
  /** JSON text, byte for byte as stored. */
  readonly actorText: string;
  readonly dataText: string;
}

/** RFC 6962, section 2.1: a leaf is hashed with this prefix, so that it can never pass for an inner node. */
const LEAF_PREFIX = Buffer.of(0x00);

/**
 * The leaf hash of an event: SHA-256 over the byte 0x00 and the fields in the order of `Leaf`, each as its length in
 * bytes (four bytes, big endian; 0xffffffff for an absent one) followed by its UTF-8 text. Numbers are decimal. The
 * lengths make the encoding unambiguous: no two events share one.
 *
 * @returns 32 bytes
 */
export function leafHash(leaf: Leaf): Buffer {
  const hash = createHash('sha256').update(LEAF_PREFIX);
  const add = (text: string | null): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text === null ? 0xffffffff : Buffer.byteLength(text));
    hash.update(length);
    if (text !== null) hash.update(text, 'utf8');
  };
  add(leaf.runId);
  add(String(leaf.version));
  add(leaf.type);
  add(String(leaf.schemaVersion));
  add(leaf.eventId);
  add(leaf.causationId);
  add(leaf.correlationId);
  add(leaf.recordedAt);
  add(leaf.actorText);
  add(leaf.dataText);
  return hash.digest();
}
