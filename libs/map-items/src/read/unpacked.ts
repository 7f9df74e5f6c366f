import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unfit } from '../item-failure.js';

type Bytes = AsyncIterable<Uint8Array>;

/**
 * What is packed by gzip is unpacked. Its first bytes say that it is, and no text begins with them. Its name does not: what a
 * server gives with `Content-Encoding: gzip` was unpacked on the way.
 */
export async function unpacked(bytes: Bytes): Promise<Bytes> {
  const from = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  const start = (): Buffer => Buffer.concat(first);
  while (start().length < 2) {
    const { done, value } = await from.next();
    if (done === true) break;
    first.push(value);
  }
  const whole = joined(start(), from);
  if (start()[0] !== 0x1f || start()[1] !== 0x8b) return whole;
  const gunzip = createGunzip();
  // What goes wrong is told to whoever reads.
  pipeline(Readable.from(whole), gunzip, () => {});
  return asUnfit(gunzip);
}

async function* joined(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    // Whoever has enough leaves the rest.
    await rest.return?.();
  }
}

async function* asUnfit(bytes: Bytes): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (thrown) {
    const isPacking = thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_');
    throw isPacking ? unfit('What is to be read begins like something that gzip packed, and is broken.') : thrown;
  }
}
