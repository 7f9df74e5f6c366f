import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BatonError, toError } from '@baton/contracts';
import { isStillRunning, nameOfProcess, removeTree } from '@baton/sandbox';
import { z } from 'zod';
import { SetUpRecord } from './record.js';

/*
 * Outcomes of set-ups on disk, for all processes that share the folder:
 *
 *     entries/<key>/outcome.json, 0/, 1/, …   an outcome and the folders that it filled; it comes by one rename, whole
 *     uses/<key>.<process>.<id>               somebody shows it to commands
 *     leaving/<key>.<process>                 somebody takes it away
 *     work/                                   where outcomes are made; what a kill leaves is removed by the next
 *
 * Whoever uses one says so first and looks then whether it is leaving; whoever takes one away says so first and looks then
 * whether it is used. So one of the two always sees the other.
 */

const Outcome = z.object({
  record: SetUpRecord,
  bytes: z.int().nonnegative(),
  /** The folders in their order: where they belong in the worktree, and what of them is writable. */
  fills: z.array(z.object({ over: z.string(), scratch: z.array(z.string()) })),
});
export type Outcome = z.infer<typeof Outcome>;

/** An outcome that stays as long as it is held. */
export interface HeldOutcome extends Outcome {
  readonly folder: string;
  readonly release: () => Promise<void>;
}

export interface SetUpCache {
  /** Where outcomes are made: on the same disk. */
  readonly workDir: string;
  /** Null where there is none. */
  readonly take: (key: string) => Promise<HeldOutcome | null>;
  /** Keeps a folder as an outcome, unless there is one by now; others make room for it. */
  readonly keep: (key: string, folder: string, outcome: Outcome) => Promise<void>;
}

const OUTCOME = 'outcome.json';

/** @throws BatonError `set-up-cache` where the folder cannot be used, or others could write to it */
export async function openCache(folder: string, mostBytes: number, now: () => Date): Promise<SetUpCache> {
  const [entries, uses, leaving, workDir] = ['entries', 'uses', 'leaving', 'work'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await openFolder(folder, [entries, uses, leaving, workDir]);

  const isUsed = async (key: string): Promise<boolean> => someLive(uses, key, now());
  const take = async (key: string): Promise<HeldOutcome | null> => {
    const use = join(uses, `${key}.${nameOfProcess()}.${randomUUID()}`);
    await writeFile(use, '');
    const release = (): Promise<void> => rm(use, { force: true });
    const found = (await someLive(leaving, key, now())) ? null : await readOutcome(join(entries, key));
    if (found === null) {
      await release();
      return null;
    }
    const at = now();
    await utimes(join(entries, key, OUTCOME), at, at).catch(() => {}); // Only for the order in which they leave.
    return { ...found, folder: join(entries, key), release };
  };
  const remove = async (key: string): Promise<boolean> => {
    const mark = join(leaving, `${key}.${nameOfProcess()}`);
    await writeFile(mark, '');
    try {
      if (await isUsed(key)) return false;
      const gone = join(workDir, `gone-${randomUUID()}`);
      await rename(join(entries, key), gone);
      await removeTree(gone);
      return true;
    } finally {
      await rm(mark, { force: true });
    }
  };
  const makeRoom = async (wanted: number): Promise<void> => {
    const kept = await Promise.all(
      (await readdir(entries)).map(async (key) => ({
        key,
        bytes: (await readOutcome(join(entries, key)))?.bytes ?? 0,
        usedMs: (await lstat(join(entries, key, OUTCOME)).catch(() => null))?.mtimeMs ?? 0,
      })),
    );
    let held = kept.reduce((sum, { bytes }) => sum + bytes, wanted);
    for (const { key, bytes } of kept.toSorted((a, b) => a.usedMs - b.usedMs)) {
      if (held <= mostBytes) return;
      if (await remove(key).catch(() => false)) held -= bytes;
    }
  };
  return {
    workDir,
    take,
    keep: async (key, made, outcome) => {
      await makeRoom(outcome.bytes);
      await writeFile(join(made, OUTCOME), JSON.stringify(outcome));
      // A machine that loses its power keeps the name and loses what was not written yet.
      await promisify(execFile)('sync', ['-f', made]).catch(() => {});
      if (await isMoved(made, join(entries, key))) return;
      if ((await readOutcome(join(entries, key))) !== null) return;
      await remove(key);
      await isMoved(made, join(entries, key));
    },
  };
}

/** False where something is there already. */
async function isMoved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (thrown) {
    const error = toError(thrown);
    if ('code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')) return false;
    throw error;
  }
}

/** Of a user's own, since what lies in it is believed. */
async function openFolder(folder: string, below: readonly string[]): Promise<void> {
  const unusable = (reason: string, cause?: Error): BatonError =>
    new BatonError(`The folder for set-ups, ${folder}, cannot be used: ${reason}.`, {
      code: 'set-up-cache',
      next: 'Name another one with BATON_SETUP_CACHE.',
      ...(cause === undefined ? {} : { cause }),
    });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const info = await lstat(folder);
    if (!info.isDirectory()) throw unusable('it is no folder');
    if (info.uid !== process.getuid?.() || (info.mode & 0o022) !== 0) throw unusable('others may write to it');
    for (const path of below) await mkdir(path, { recursive: true, mode: 0o755 });
  } catch (thrown) {
    if (thrown instanceof BatonError) throw thrown;
    const error = toError(thrown);
    throw unusable(error.message, error);
  }
}

async function readOutcome(folder: string): Promise<Outcome | null> {
  try {
    return Outcome.parse(JSON.parse(await readFile(join(folder, OUTCOME), 'utf8')));
  } catch {
    return null; // Not there, or of another version.
  }
}

/** Whether a process that lives says so; what dead ones said is removed. */
async function someLive(folder: string, key: string, now: Date): Promise<boolean> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${key}.`)) continue;
    const path = join(folder, name);
    const info = await lstat(path).catch(() => null);
    if (info !== null && isStillRunning(name.split('.')[1] ?? '', info.mtimeMs, now)) return true;
    await rm(path, { force: true });
  }
  return false;
}
