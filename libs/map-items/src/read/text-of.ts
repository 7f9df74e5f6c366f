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

/** Counts what passes. @throws ItemFailure once it is more than may be read */
export async function* bounded(bytes: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of bytes) {
    seen += chunk.length;
    if (seen > most) {
      const megabytes = Math.round(most / 1024 / 1024);
      throw unfit(
        `What is to be read has more than ${megabytes} MB, the most that is read here: BATON_ITEMS_MOST_MB of the deployer.`,
      );
    }
    yield chunk;
  }
}
