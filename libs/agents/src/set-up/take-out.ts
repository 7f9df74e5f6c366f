import { lstat, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SetUp } from '../checks/check.js';
import type { Outcome } from './cache.js';
import { scratchIn } from './environment.js';
import { bytesIn, tame } from './filled-folder.js';

/**
 * Takes the folders that a set-up filled out of its worktree. One that it left empty-handed is none; a link or a file in the
 * place of one is a mistake.
 *
 * @returns a sentence where something else than a folder stands there
 */
export async function takeOut(
  work: string,
  made: string,
  { fills, scratch }: Pick<SetUp, 'fills' | 'scratch'>,
): Promise<Pick<Outcome, 'bytes' | 'fills'> | string> {
  await mkdir(made);
  const taken: { over: string; scratch: string[] }[] = [];
  let bytes = 0;
  for (const fill of outermost(fills)) {
    const found = await lookAt(work, fill);
    if (found === 'nothing') continue;
    if (found === 'other') return `It left something else than a folder at ${fill}.`;
    const place = join(made, `${taken.length}`);
    await tame(join(work, fill));
    await rename(join(work, fill), place);
    bytes += await bytesIn(place);
    taken.push({ over: fill, scratch: await makeScratch(place, scratchIn(fill, scratch)) });
  }
  return { bytes, fills: taken };
}

/** One within another comes with it. */
const outermost = (fills: readonly string[]): readonly string[] =>
  [...new Set(fills)].filter((fill, _, all) => !all.some((other) => fill.startsWith(`${other}/`)));

async function lookAt(work: string, path: string): Promise<'folder' | 'nothing' | 'other'> {
  const parts = path.split('/');
  for (const [index] of parts.entries()) {
    const info = await lstat(join(work, ...parts.slice(0, index + 1))).catch(() => null);
    if (info === null) return 'nothing';
    if (!info.isDirectory()) return 'other';
  }
  return 'folder';
}

/** A place to write must be there before it can be shown; where something else is, it is that. */
async function makeScratch(folder: string, paths: readonly string[]): Promise<string[]> {
  const made: string[] = [];
  for (const path of paths) {
    if ((await lookAt(folder, path)) === 'nothing' && (await lookAt(folder, dirname(path))) !== 'other')
      await mkdir(join(folder, path), { recursive: true });
    if ((await lookAt(folder, path)) === 'folder') made.push(path);
  }
  return made;
}
