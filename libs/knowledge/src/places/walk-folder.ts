import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { toError } from '@baton/contracts';
import type { KnowledgeLimits } from '../limits.js';

/** A file below a folder: its path there, and how large it is. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
}

export interface Walk {
  readonly files: readonly FoundFile[];
  /** By path; a clause each. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
  /** Whether there is more than may be looked at. */
  readonly isCut: boolean;
}

/** Packages and what tools keep for themselves. */
const SET_ASIDE = new Set(['.git', 'node_modules', '__pycache__', '.venv']);

/**
 * The files below a folder, in the order of their paths. Links are not followed, and folders are read entry by entry: one
 * with a million names is left after as many as may be looked at.
 *
 * @param isHidden whether a folder, absolute, is none of the reader's business
 */
export async function walkFolder(
  folder: string,
  limits: KnowledgeLimits,
  isHidden: (path: string) => boolean,
): Promise<Walk> {
  const files: FoundFile[] = [];
  const leftOut: { path: string; reason: string }[] = [];
  const folders = [''];
  const take = async (path: string, entry: Dirent): Promise<void> => {
    if (!entry.isDirectory()) {
      const found = await fileAt(folder, path, entry);
      if (typeof found === 'string') leftOut.push({ path, reason: found });
      else files.push(found);
      return;
    }
    const isDeep = path.split('/').length >= limits.depth;
    if (isDeep) leftOut.push({ path, reason: `it lies more than ${limits.depth} folders deep: name a folder below` });
    else if (!isHidden(join(folder, path))) folders.push(path);
  };
  let looked = 0;
  for (let below = folders.pop(); below !== undefined && looked <= limits.entries; below = folders.pop()) {
    const path = below;
    const entries = await entriesOf(join(folder, path), limits.entries - looked).catch((thrown: unknown) => {
      leftOut.push({ path, reason: `it cannot be read (${codeOf(thrown)}): give it other rights` });
      return [];
    });
    looked += entries.length + 1;
    const taken = entries.filter(({ name }) => !SET_ASIDE.has(name));
    for (const entry of taken) await take(path === '' ? entry.name : `${path}/${entry.name}`, entry);
  }
  return { files: inOrder(files), leftOut, isCut: looked > limits.entries };
}

/** The file, or why it is none: a clause. */
async function fileAt(folder: string, path: string, entry: Dirent): Promise<FoundFile | string> {
  if (entry.isSymbolicLink()) return 'it is a link, and links are not followed: name what it leads to';
  const info = entry.isFile() ? await lstat(join(folder, path)).catch(() => null) : null;
  return info?.isFile() === true ? { path, size: info.size } : 'it is a device, a pipe or a socket: name files';
}

async function entriesOf(folder: string, most: number): Promise<readonly Dirent[]> {
  const entries: Dirent[] = [];
  // Leaving the loop closes it.
  for await (const entry of await opendir(folder)) {
    entries.push(entry);
    if (entries.length > most) break;
  }
  return entries;
}

const inOrder = (files: readonly FoundFile[]): readonly FoundFile[] =>
  files.toSorted((a, b) => (a.path < b.path ? -1 : 1));

function codeOf(thrown: unknown): string {
  const error = toError(thrown);
  return 'code' in error ? String(error.code) : error.message;
}
