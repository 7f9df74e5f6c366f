import { readdir, readFile } from 'node:fs/promises';
import { isStillRunning, nameOfProcess } from '../process-name.js';
import { kill } from '../signal.js';

/** Against a process that multiplies while it is hunted: each pass ends what it sees. */
const MAX_PASSES = 50;

/** The variable that carries the mark of a run. */
const RUN_MARK = 'BATON_TOOL_RUN';

/** What marks a run of this process: the name of the process goes before a word that is of this run alone. */
export const markOf = (word: string): Readonly<Record<string, string>> => ({
  [RUN_MARK]: `${nameOfProcess()}-${word}`,
});

/** Ends what runs of processes left that are no more: whoever was killed could not end it. Linux only. */
export async function endOrphans(now: Date): Promise<void> {
  await killWhere((entry) => {
    const [name, value = ''] = entry.split('=');
    return name === RUN_MARK && !isStillRunning(value, now.getTime(), now);
  });
}

/**
 * Ends every process whose environment holds the mark of a run. A grandchild that left the process group is found
 * this way, because children inherit the environment. Linux only: elsewhere it does nothing.
 */
export async function killRun(mark: Readonly<Record<string, string>>): Promise<void> {
  const wanted = new Set(Object.entries(mark).map(([name, value]) => `${name}=${value}`));
  await killWhere((entry) => wanted.has(entry));
}

async function killWhere(isMark: (entry: string) => boolean): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const pids = await processesWith(isMark);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
  }
}

async function processesWith(isMark: (entry: string) => boolean): Promise<readonly number[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map(async (name) => ((await hasMark(name, isMark)) ? [Number(name)] : [])));
  return found.flat();
}

async function hasMark(pid: string, isMark: (entry: string) => boolean): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
    return environment.split('\0').some(isMark);
  } catch {
    // Gone meanwhile, or somebody else's: not one of ours.
    return false;
  }
}
