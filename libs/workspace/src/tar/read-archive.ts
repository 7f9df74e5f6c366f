import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BatonError } from '@baton/contracts';
import { extract, type Header } from 'tar-stream';
import { openAdmission } from '../snapshot/admit.js';
import {
  DEFAULT_LIMITS,
  type LeftOut,
  type Limits,
  refuseTooLarge,
  refuseTooMany,
  tooLargeReason,
} from '../snapshot/limits.js';
import { type BlobStore, putFile } from '../tree/blob-store.js';
import { pathProblem } from '../tree/path-problem.js';
import { putTree, type Tree, type TreeFile, treeOf } from '../tree/tree.js';

export interface Uploaded {
  readonly version: string;
  readonly tree: Tree;
  readonly bytes: number;
  readonly leftOut: readonly LeftOut[];
}

/** Headers, padding and folders beside the files themselves. */
const overheadOf = ({ files }: Limits): number => files * 2_048 + 1024 * 1024;

/**
 * Stores the files of a tar stream as a tree, one at a time. Secrets and files that are too large stay out; an archive that
 * holds anything but files and folders, or a path that leads elsewhere, is refused as a whole.
 *
 * @throws BatonError `archive-refused` (who made it meant something else), `archive-broken`, `workspace-too-large`
 */
export async function readArchive(
  stream: Readable,
  store: BlobStore,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Uploaded> {
  const archive = extract();
  const feeding = pipeline(counted(stream, limits), archive).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  try {
    return await storeEntries(archive, store, limits);
  } catch (thrown) {
    archive.destroy();
    // Who takes the entries hears only that they ended.
    const fed = await feeding;
    if (thrown instanceof BatonError) throw thrown;
    if (fed instanceof BatonError) throw fed;
    throw new BatonError('The upload is no whole tar archive.', {
      code: 'archive-broken',
      next: 'Send what `tar -cf - -C DIR .` writes, without compression.',
      cause: thrown,
    });
  } finally {
    archive.destroy();
    await feeding;
  }
}

/** Stays open when it is left in the middle: who sends it still has to be answered. */
async function* counted(stream: Readable, limits: Limits): AsyncGenerator<Buffer> {
  const most = limits.totalBytes + overheadOf(limits);
  let received = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    received += chunk.length;
    if (received > most) refuseTooLarge(received, limits);
    yield chunk;
  }
}

async function storeEntries(archive: ReturnType<typeof extract>, store: BlobStore, limits: Limits): Promise<Uploaded> {
  const admission = openAdmission(limits);
  const files: TreeFile[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for await (const entry of archive) {
    const path = pathOf(entry.header);
    if (path === null) {
      entry.resume();
      continue;
    }
    if (seen.has(path)) throw refused(path, 'is in it twice');
    seen.add(path);
    refuseTooMany(seen.size, limits);
    const isWanted = admission.admitPath(path);
    const content = await contentOf(entry, isWanted ? limits.fileBytes : 0);
    if (content === null && isWanted) admission.leaveOut(path, tooLargeReason(limits));
    if (content === null || !isWanted) continue;
    if (!admission.admitContent(path, content)) continue;
    bytes += content.length;
    refuseTooLarge(bytes, limits);
    const mode = ((entry.header.mode ?? 0) & 0o111) === 0 ? '100644' : '100755';
    files.push({ path, mode, ...(await putFile(store, content)) });
  }
  const tree = treeOf(files);
  return { version: await putTree(store, tree), tree, bytes, leftOut: admission.leftOut };
}

/** The path of a file; null for a folder, which paths say enough of. @throws BatonError `archive-refused` */
function pathOf({ name, type }: Header): string | null {
  const path = name.replace(/^(\.\/)+/, '');
  if (type === 'directory') return null;
  if (type !== 'file') throw refused(path, `is a ${type ?? 'thing of an unknown kind'}`);
  const isHostile = path === '' || /^\/|\\|\p{Cc}/u.test(path) || path.split('/').includes('..');
  if (isHostile) throw refused(path, `has a path that ${pathProblem(path) ?? 'leads elsewhere'}`);
  return path;
}

/** Null where it is longer than that; it is then read to its end all the same. */
async function contentOf(entry: AsyncIterable<unknown>, most: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of entry) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= most ? Buffer.concat(chunks) : null;
}

const refused = (path: string, why: string): BatonError =>
  new BatonError(`The archive is refused: ${JSON.stringify(path.slice(0, 200))} ${why}.`, {
    code: 'archive-refused',
    next: 'Send files and folders alone, each under a relative path of its own.',
  });
