import { TextDecoder } from 'node:util';
import { unfit } from '../item-failure.js';

/** Bytes as text, as they come: UTF-8, without a mark of byte order in front. @throws ItemFailure where they are something else */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of bytes) yield decode(decoder, chunk);
  yield decode(decoder);
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw unfit('What is to be read is no text in UTF-8.');
  }
}

/**
 * Counts what passes.
 * @param seen how much has passed so far, of everything that is read for the same items
 * @throws ItemFailure once it is more than may be read
 */
export async function* bounded(
  bytes: AsyncIterable<Uint8Array>,
  most: number,
  seen = { bytes: 0 },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    seen.bytes += chunk.length;
    if (seen.bytes > most) {
      const megabytes = Math.round(most / 1024 / 1024);
      throw unfit(
        `What is to be read has more than ${megabytes} MB, the most that is read here: BATON_ITEMS_MOST_MB of the deployer.`,
      );
    }
    yield chunk;
  }
}
