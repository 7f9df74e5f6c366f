import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileChange } from '@baton/contracts';
import { type BlobStore, getFile, pathProblem, putFile, type Stamps } from '@baton/workspace';

/**
 * A folder with the files that a task works on. Whatever ran in it, no link is followed: a file is one by `lstat`, and so
 * is each folder above it.
 */
export interface Workbench {
  /** Absolute. */
  readonly root: string;
  /** How the files of a version lay when they were written, for whoever looks for what has changed. */
  readonly stamps: Stamps;
  /** All files by path, in the order of their paths. Links, devices and what is set aside are none. */
  readonly files: () => Promise<readonly FoundFile[]>;
  /** The bytes, or the reason why there are none. */
  readonly read: (path: string) => Promise<Found>;
  /** Writes a file, with the folders above it, or says why not. Without a word on it one that is there keeps its rights. */
  readonly write: (path: string, bytes: Uint8Array, isExecutable?: boolean) => Promise<string | null>;
  /** Takes a file away, or says why not. */
  readonly remove: (path: string) => Promise<string | null>;
  /** What became of these paths, stored; those that are as they were noted last are left out. */
  readonly note: (paths: readonly string[]) => Promise<readonly FileChange[]>;
  /** Makes changes that were noted before. */
  readonly restore: (changes: readonly FileChange[]) => Promise<void>;
}

interface FoundFile {
  readonly path: string;
  readonly size: number;
}

type Found =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly isExecutable: boolean }
  | { readonly ok: false; readonly reason: string /** Nothing, or a folder. */; readonly isAbsent: boolean };

/** What is never part of the work: packages are prepared, and git's own folder names programs to run. */
const SET_ASIDE = new Set(['.git', 'node_modules', '__pycache__', '.venv']);
/** Larger files are left where they are and are no part of the result. */
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_FILES = 20_000;

type Noted = NonNullable<FileChange['now']>;

/** @param root an absolute path of a folder that holds the files and nothing else, and in which no other task works */
export function openWorkbench(root: string, store: BlobStore, stamps: Stamps = new Map()): Workbench {
  const noted = new Map<string, Noted | null>();
  return {
    root,
    stamps,
    files: () => findFiles(root),
    read: (path) => readFile(root, path),
    write: (path, bytes, isExecutable) => write(root, path, bytes, isExecutable),
    remove: (path) => remove(root, path),
    note: async (paths) => {
      const changes: FileChange[] = [];
      for (const path of [...new Set(paths)].toSorted()) {
        const now = await storedAt(path);
        if (now === undefined || isSame(now, noted.get(path))) continue;
        noted.set(path, now);
        changes.push({ path, now });
      }
      return changes;
    },
    restore: async (changes) => {
      for (const { path, now } of changes) {
        noted.set(path, now);
        if (now === null) await remove(root, path);
      }
      for (const { path, now } of changes)
        if (now !== null) await write(root, path, await getFile(store, now), now.isExecutable);
    },
  };

  /** null where there is nothing, undefined where there is what cannot be read. */
  async function storedAt(path: string): Promise<Noted | null | undefined> {
    const read = await readFile(root, path);
    if (!read.ok) return read.isAbsent ? null : undefined;
    // What is stored may be less than what lies there: a secret is cut from it.
    return { ...(await putFile(store, Buffer.from(read.bytes))), isExecutable: read.isExecutable };
  }
}

const isSame = (now: Noted | null, before: Noted | null | undefined): boolean =>
  before !== undefined && now?.sha256 === before?.sha256 && now?.isExecutable === before?.isExecutable;

async function findFiles(root: string): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries.filter(({ name }) => !SET_ASIDE.has(name))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      const file = entry.isFile() ? await foundFile(root, path) : null;
      if (file !== null) files.push(file);
    }
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1)).slice(0, MOST_FILES);
}

async function foundFile(root: string, path: string): Promise<FoundFile | null> {
  if (pathProblem(path) !== null) return null;
  const { size } = await lstat(join(root, path));
  return size > MOST_BYTES ? null : { path, size };
}

/** Why nothing can be done at a path, or null. Looks at each folder on the way, because a link may stand in for it. */
async function wayProblem(root: string, path: string): Promise<string | null> {
  const problem = pathProblem(path);
  if (problem !== null) return `The path ${JSON.stringify(path)} ${problem}.`;
  const parts = path.split('/').slice(0, -1);
  for (const [index] of parts.entries()) {
    const folder = parts.slice(0, index + 1).join('/');
    const info = await lstat(join(root, folder)).catch(() => null);
    if (info === null) return null;
    if (!info.isDirectory()) return `${folder} is no folder.`;
  }
  return null;
}

async function readFile(root: string, path: string): Promise<Found> {
  const problem = await wayProblem(root, path);
  // Below what is no folder there is no file either.
  if (problem !== null) return { ok: false, reason: problem, isAbsent: pathProblem(path) === null };
  const info = await lstat(join(root, path)).catch(() => null);
  if (info === null) return { ok: false, reason: `There is no ${path}.`, isAbsent: true };
  if (info.isDirectory()) return { ok: false, reason: `${path} is a folder: list it.`, isAbsent: true };
  if (!info.isFile())
    return { ok: false, reason: `${path} is a link or a device: only files are read.`, isAbsent: false };
  if (info.size > MOST_BYTES)
    return {
      ok: false,
      reason: `${path} has ${info.size} bytes; files of more than ${MOST_BYTES} are not read.`,
      isAbsent: false,
    };
  const handle = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mode } = await handle.stat();
    return { ok: true, bytes: await handle.readFile(), isExecutable: (mode & 0o100) !== 0 };
  } finally {
    await handle.close();
  }
}

async function write(
  root: string,
  path: string,
  bytes: Uint8Array,
  isExecutable: boolean | undefined,
): Promise<string | null> {
  const problem = await wayProblem(root, path);
  if (problem !== null) return problem;
  const aside = path.split('/').find((part) => SET_ASIDE.has(part));
  if (aside !== undefined) return `${path} lies in ${aside}, which is no part of the work.`;
  if (bytes.length > MOST_BYTES) return `${bytes.length} bytes are more than a file may have (${MOST_BYTES}).`;
  const full = join(root, path);
  const info = await lstat(full).catch(() => null);
  if (info?.isDirectory() === true) return `${path} is a folder.`;
  // A link is replaced and not written through; a file keeps its rights.
  const mode = (isExecutable ?? (info?.isFile() === true && (info.mode & 0o100) !== 0)) ? 0o755 : 0o644;
  await mkdir(dirname(full), { recursive: true });
  await rm(full, { force: true });
  await writeFile(full, bytes, { flag: 'wx', mode });
  await chmod(full, mode);
  return null;
}

async function remove(root: string, path: string): Promise<string | null> {
  const problem = await wayProblem(root, path);
  if (problem !== null) return problem;
  const info = await lstat(join(root, path)).catch(() => null);
  if (info === null) return `There is no ${path}.`;
  if (info.isDirectory()) return `${path} is a folder: delete its files one by one.`;
  await rm(join(root, path));
  await removeEmpty(root, dirname(path));
  return null;
}

/** Folders are there for their files: where the last one is gone, a file may take the name. */
async function removeEmpty(root: string, folder: string): Promise<void> {
  if (folder === '.') return;
  try {
    await rmdir(join(root, folder));
  } catch {
    return; // There is something in it.
  }
  await removeEmpty(root, dirname(folder));
}
