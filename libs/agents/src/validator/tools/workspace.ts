import { chmod, mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeliverableFile } from '../../task/file-set.js';

/**
 * A fresh folder for one run of the tools. Only `work` and `tmp` are for the deliverable:
 *
 *     <root>/package.json   says that code without a package.json of its own is ESM
 *     <root>/work/          the deliverable's files and nothing else
 *     <root>/tmp/           its temporary folder and home
 *     <root>/own/           our configuration and reports
 */
export interface Workspace {
  readonly root: string;
  readonly work: string;
  readonly tmp: string;
  readonly own: string;
  /** Turns what a tool printed into text without paths of this machine. */
  relative(text: string): string;
  remove(): Promise<void>;
}

const PREFIX = 'baton-tools-';
/** A folder this old was left by a process that was killed: no run of the tools takes as long. */
const STALE_MS = 6 * 3_600_000;

/** @param fill makes the folder of the deliverable, with what belongs into it */
export async function openWorkspace(
  fill: (work: string) => Promise<unknown>,
  parent: string,
  now: Date,
): Promise<Workspace> {
  const base = await realpath(parent);
  await removeStale(base, now);
  const root = await mkdtemp(join(base, PREFIX));
  const [work, tmp, own] = [join(root, 'work'), join(root, 'tmp'), join(root, 'own')];
  try {
    for (const folder of [tmp, own]) await mkdir(folder);
    await writeFile(join(root, 'package.json'), '{ "type": "module" }\n');
    await fill(work);
  } catch (error) {
    await removeTree(root);
    throw error;
  }
  const relative = (text: string): string =>
    text
      .replaceAll(`file://${work}/`, '')
      .replaceAll(`${work}/`, '')
      .replaceAll(work, '.')
      .replaceAll('../work/', '')
      .replaceAll(root, '<workspace>');
  return { root, work, tmp, own, relative, remove: () => removeTree(root) };
}

/** `files` must have been checked by `fileSetProblems`: their paths are trusted here. */
export async function writeFiles(folder: string, files: readonly DeliverableFile[]): Promise<void> {
  await mkdir(folder);
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

async function removeStale(base: string, now: Date): Promise<void> {
  const names = (await readdir(base)).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const path = join(base, name);
    const info = await stat(path).catch(() => null);
    const isOurs = info !== null && info.uid === process.getuid?.();
    if (isOurs && now.getTime() - info.mtimeMs > STALE_MS) await removeTree(path);
  }
}

/** A test may have taken its own rights away from a folder; then they are given back and the removal is repeated. */
async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await unlock(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function unlock(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlock(join(folder, entry.name));
  }
}
