import { hash } from 'node:crypto';

/** What the hash of an event covers: every column but its position, which the leaf of the tree adds (`leafOf`). */
export interface HashedEvent {
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

const ABSENT = 0xffffffff;

/**
 * The hash of an event: SHA-256 over the byte 0x00 and the fields in the order of `HashedEvent`, each as its length in
 * bytes (four bytes, big endian; 0xffffffff for an absent one) followed by its UTF-8 text. Numbers are decimal. The
 * lengths make the encoding unambiguous: no two events share one. The hub computes it, and the log stores it.
 *
 * @returns 32 bytes
 */
export function eventHash(event: HashedEvent): Buffer {
  const parts = [
    event.runId,
    String(event.version),
    event.type,
    String(event.schemaVersion),
    event.eventId,
    event.causationId,
    event.correlationId,
    event.recordedAt,
    event.actorText,
    event.dataText,
  ];
  const size = parts.reduce((sum, text) => sum + 4 + (text === null ? 0 : Buffer.byteLength(text)), 1);
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeUInt8(0, 0);
  for (const text of parts) {
    const length = text === null ? 0 : bytes.write(text, at + 4);
    bytes.writeUInt32BE(text === null ? ABSENT : length, at);
    at += 4 + length;
  }
  return hash('sha256', bytes, 'buffer');
}
