import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { BatonError, toError } from '@baton/contracts';
import type { StoredArchive } from '@baton/event-store';
import { linesOf } from '@baton/proof';
import { codeOf, synced } from './folder.js';

/** Where archives lie: a folder that all gateways of a log see. Each is a bundle, compressed. */
export interface ArchiveFolder {
  readonly where: string;
  /**
   * Writes a file: it is there whole, and on the disk, or not at all.
   *
   * @param name as `2026-11/<run>-<number>.jsonl.gz`
   */
  write(name: string, lines: AsyncIterable<string>): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** The lines of a file. Its hash is known only at its end: what was done with them before that may have to be undone. @throws BatonError `archive-missing`, `archive-corrupt` */
  lines(archive: Pick<StoredArchive, 'name' | 'sha256'>): AsyncGenerator<string>;
  /** The names of all files of a month that begin so. */
  namesOf(month: string, begin: string): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
}

export function archiveFolder(folder: string): ArchiveFolder {
  const at = (name: string): string => join(folder, name);
  return {
    where: folder,
    write: async (name, lines) => {
      await mkdir(dirname(at(name)), { recursive: true, mode: 0o700 });
      const draft = `${at(name)}.${randomUUID()}.draft`;
      const counted = counting();
      try {
        const file = createWriteStream(draft, { mode: 0o600, flush: true });
        await pipeline(Readable.from(lines), createGzip(), counted.through, file);
        await rename(draft, at(name));
      } catch (thrown) {
        await rm(draft, { force: true });
        throw thrown;
      }
      await synced(dirname(at(name)));
      await synced(folder);
      return counted.result();
    },
    lines: async function* ({ name, sha256 }) {
      const counted = counting();
      const compressed = createReadStream(at(name));
      const text = createGunzip();
      const read = pipeline(compressed, counted.through, text);
      // Heard below, and where the reader stops before the end nobody asks.
      read.catch(() => {});
      try {
        yield* linesOf(text);
        await read;
      } catch (thrown) {
        throw asArchiveError(thrown, at(name));
      } finally {
        compressed.destroy();
      }
      if (counted.result().sha256 !== sha256) throw corrupt(at(name), 'its hash differs');
    },
    namesOf: async (month, begin) => {
      const found = await readdir(at(month)).catch((thrown: unknown) => {
        if (codeOf(thrown) === 'ENOENT') return [];
        throw thrown;
      });
      return found.filter((name) => name.startsWith(begin)).map((name) => `${month}/${name}`);
    },
    remove: (name) => rm(at(name), { force: true }),
  };
}

function counting() {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  let sha256: string | null = null;
  return {
    through,
    result: () => {
      sha256 ??= hash.digest('hex');
      return { sha256, bytes };
    },
  };
}

function asArchiveError(thrown: unknown, file: string): Error {
  const code = codeOf(thrown);
  if (code === 'ENOENT') {
    return new BatonError(`The archive ${file} is not there.`, {
      code: 'archive-missing',
      next: 'Put it back from a copy, or set BATON_ARCHIVE to the folder where archives lie; every gateway must see the same.',
      cause: thrown,
    });
  }
  if (typeof code === 'string' && /^(Z_|ERR_)/.test(code)) return corrupt(file, toError(thrown).message);
  return toError(thrown);
}

const corrupt = (file: string, why: string): BatonError =>
  new BatonError(`The archive ${file} is not what was written: ${why}.`, {
    code: 'archive-corrupt',
    next: 'Put it back from a copy.',
  });
