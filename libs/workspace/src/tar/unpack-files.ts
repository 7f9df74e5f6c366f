import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BatonError } from '@baton/contracts';
import { extract } from 'tar-stream';
import { pathProblem } from '../tree/path-problem.js';
import { MAX_FILE_BYTES } from '../tree/tree.js';

/** One file of an archive that a gateway sent. */
export interface UnpackedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * The files of a tar stream, one at a time. Nothing but files is taken from it, and no path that leads elsewhere.
 *
 * @throws BatonError `archive-broken`
 */
export async function* unpackFiles(stream: Readable): AsyncGenerator<UnpackedFile> {
  const archive = extract();
  const feeding = pipeline(stream, archive).catch(() => {
    // Whoever takes the entries hears of it.
  });
  try {
    for await (const entry of archive) {
      const { name, type, size = 0 } = entry.header;
      if (type !== 'file' || pathProblem(name) !== null || size > MAX_FILE_BYTES) throw broken();
      const chunks: Buffer[] = [];
      for await (const chunk of entry) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      yield { path: name, bytes: Buffer.concat(chunks) };
    }
  } catch (thrown) {
    throw thrown instanceof BatonError ? thrown : broken(thrown);
  } finally {
    archive.destroy();
    await feeding;
  }
}

const broken = (cause?: unknown): BatonError =>
  new BatonError('The files did not come whole.', { code: 'archive-broken', next: 'Try again.', cause });
