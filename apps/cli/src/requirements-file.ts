import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { toError } from '@baton/contracts';
import { UsageError } from './exit-codes.js';

export const MAX_REQUIREMENTS_BYTES = 200 * 1024;

const isMissing = (error: Error): boolean => 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** Reads at most `limit` bytes and one more, so that a device or a huge file cannot fill the memory. */
async function readBounded(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    if ((await handle.stat()).isDirectory()) {
      throw new UsageError(`${file} is a directory.`, 'Name a file.');
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of handle.createReadStream({ end: limit, autoClose: false })) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) break;
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

/** The bytes of a file named on the command line; `-` is stdin. Throws UsageError with what is wrong with it. */
export async function readNamedFile(
  name: string,
  place: { readonly workingDirectory: string; readonly limit: number; readStdin(): Promise<Buffer> },
): Promise<Buffer> {
  if (name === '-') return place.readStdin();
  const file = resolve(place.workingDirectory, name);
  try {
    return await readBounded(file, place.limit);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    const error = toError(thrown);
    if (isMissing(error)) throw new UsageError(`There is no file ${file}.`, 'Check the path.', error);
    throw new UsageError(`${file} cannot be read (${error.message}).`, 'Check its permissions.', error);
  }
}

/** Checks that the bytes are a text somebody could have written. `name` is for the message. */
export function parseText(bytes: Buffer, name: string, limit: number): string {
  const what = name === '-' ? 'The text on stdin' : `The file ${name}`;
  if (bytes.length > limit) {
    throw new UsageError(`${what} is larger than ${Math.floor(limit / 1024)} KB.`, 'Shorten it.');
  }
  if (bytes.includes(0)) throw new UsageError(`${what} is binary.`, 'Give a text file, such as Markdown.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw new UsageError(`${what} is not UTF-8 text.`, 'Save it as UTF-8.', thrown);
  }
}

/** A requirements text: UTF-8, not empty, at most MAX_REQUIREMENTS_BYTES. */
export function parseRequirements(bytes: Buffer, name: string): string {
  const text = parseText(bytes, name, MAX_REQUIREMENTS_BYTES);
  if (text.trim() === '') {
    throw new UsageError(
      name === '-' ? 'The requirements on stdin are empty.' : `The requirements file ${name} is empty.`,
      'Write down what is to be built, and try again.',
    );
  }
  return text;
}
