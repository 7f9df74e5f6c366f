import { readdir, readFile } from 'node:fs/promises';
import { kill } from '../signal.js';

/** Against a process that multiplies while it is hunted: each pass ends what it sees. */
const MAX_PASSES = 50;

/**
 * Ends every process whose environment holds `mark` (`NAME=value`). A grandchild that left the process group is found
 * this way, because children inherit the environment. Linux only: elsewhere it does nothing.
 */
export async function killRun(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const pids = await processesWith(mark);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
  }
}

async function processesWith(mark: string): Promise<readonly number[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map(async (name) => ((await hasMark(name, mark)) ? [Number(name)] : [])));
  return found.flat();
}

async function hasMark(pid: string, mark: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
    return environment.split('\0').includes(mark);
  } catch {
    // Gone meanwhile, or somebody else's: not one of ours.
    return false;
  }
}
