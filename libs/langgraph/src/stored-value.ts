import { isUtf8 } from 'node:buffer';
import { BatonError, Json } from '@baton/contracts';
import { z } from 'zod';

/** Bytes by their SHA-256 (hex), as the context of a worker has them. */
export interface Blobs {
  readonly put: (bytes: Buffer) => Promise<{ readonly sha256: string; readonly size: number }>;
  readonly get: (sha256: string) => Promise<Buffer>;
}

/** What makes bytes of the values of a graph, and values of bytes. */
export interface Serde {
  // biome-ignore lint/suspicious/noExplicitAny: the types of LangGraph, whose values may be anything.
  dumpsTyped(data: any): Promise<[string, Uint8Array]>;
  loadsTyped(type: string, data: Uint8Array | string): Promise<unknown>;
}

const Blob = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().positive() });

/** A value of a graph as it is kept: small ones in place, others by their hash. `type` is the word of the serializer. */
export const StoredValue = z.union([
  z.object({ type: z.string(), text: z.string() }),
  z.object({ type: z.string(), base64: z.string() }),
  z.object({ type: z.string(), blob: Blob }),
]);
export type StoredValue = z.infer<typeof StoredValue>;

/** A larger one is kept once, however many checkpoints it is in. */
const IN_PLACE_BYTES = 1024;
/** A record that is longer is a blob. */
const RECORD_BYTES = 16 * 1024;
/** What one value of a graph may have: less than a blob may, since a worker holds all of them. */
const MOST_BYTES = 32 * 1024 * 1024;

/** @throws BatonError `checkpoint-too-large` */
export async function keepValue(value: unknown, serde: Serde, blobs: Blobs): Promise<StoredValue> {
  const [type, dumped] = await serde.dumpsTyped(value);
  const bytes = Buffer.from(dumped.buffer, dumped.byteOffset, dumped.byteLength);
  if (bytes.length > MOST_BYTES) {
    throw new BatonError(`A value of the graph has ${bytes.length} bytes, and at most ${MOST_BYTES} are kept.`, {
      code: 'checkpoint-too-large',
      next: 'Keep it as a blob or a file, and its name in the state of the graph.',
    });
  }
  if (bytes.length > IN_PLACE_BYTES) return { type, blob: Blob.parse(await blobs.put(bytes)) };
  return isUtf8(bytes) ? { type, text: bytes.toString('utf8') } : { type, base64: bytes.toString('base64') };
}

export async function readValue(stored: StoredValue, serde: Serde, blobs: Blobs): Promise<unknown> {
  if ('text' in stored) return serde.loadsTyped(stored.type, new TextEncoder().encode(stored.text));
  const bytes = 'base64' in stored ? Buffer.from(stored.base64, 'base64') : await blobs.get(stored.blob.sha256);
  // As a graph gave them: a Buffer is another class.
  return serde.loadsTyped(stored.type, new Uint8Array(bytes));
}

const Packed = z.strictObject({ packed: Blob });

/** What is long goes into a blob, so that a row has a bound whatever the graph is. */
export async function packed(record: unknown, blobs: Blobs): Promise<Json> {
  const text = JSON.stringify(record);
  if (Buffer.byteLength(text) <= RECORD_BYTES) return Json.parse(JSON.parse(text));
  return { packed: Blob.parse(await blobs.put(Buffer.from(text))) };
}

export async function unpacked(kept: Json, blobs: Blobs): Promise<Json> {
  const read = Packed.safeParse(kept);
  if (!read.success) return kept;
  const bytes = await blobs.get(read.data.packed.sha256);
  return Json.parse(JSON.parse(bytes.toString('utf8')));
}
