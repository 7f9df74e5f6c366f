import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { FileMode } from '../tree/tree.js';

/** A file on its way into an archive. */
interface PackedFile {
  readonly path: string;
  readonly mode: FileMode;
  readonly bytes: Buffer;
}

/** Files as a tar stream. One file at a time is in memory, and nothing of when or whose they are is in it. */
export function packFiles(files: AsyncIterable<PackedFile>): Readable {
  const archive = pack();
  const put = async (): Promise<void> => {
    for await (const { path, mode, bytes } of files) {
      await new Promise<void>((resolve, reject) => {
        archive.entry(
          { name: path, mode: mode === '100755' ? 0o755 : 0o644, mtime: new Date(0), uid: 0, gid: 0 },
          bytes,
          (error) => (error == null ? resolve() : reject(error)),
        );
      });
    }
    archive.finalize();
  };
  put().catch((thrown: unknown) => archive.destroy(thrown instanceof Error ? thrown : new Error(String(thrown))));
  return Readable.from(archive);
}
