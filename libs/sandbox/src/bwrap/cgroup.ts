import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processSpace } from '../process-space.js';
import type { SandboxLimits, StopReason } from '../sandbox.js';
import { isAlive, kill } from '../signal.js';

/*
 * Bounds on the sum of memory and processes, where the service may make control groups: version 1 and 2 of the kernel's
 * interface. In most containers and for most users it may not, and nothing here is required.
 */

/** Folders in which groups can be made; version 2 has one for both. */
export interface Cgroups {
  readonly version: 1 | 2;
  readonly memory: string;
  readonly processes: string;
}

/** The group of one run. */
export interface Cgroup {
  /** Files that a process writes 0 to, to enter. */
  readonly doors: readonly string[];
  passed(): Promise<StopReason | null>;
  remove(): Promise<void>;
}

const PREFIX = 'baton-run-';
const ROOT = '/sys/fs/cgroup';

/** Finds out by making one. @returns null where that is not possible */
export async function findCgroups(): Promise<Cgroups | null> {
  for (const candidate of candidates()) {
    try {
      await removeOrphans(candidate);
      const group = await openCgroup(candidate, 'probe', { memoryMb: 64, processes: 64 });
      await group.remove();
      return candidate;
    } catch {
      // Not there, or not allowed: the next best is tried.
    }
  }
  return null;
}

function candidates(): readonly Cgroups[] {
  let own: string;
  try {
    own = readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return [];
  }
  const of = (pattern: RegExp): string => pattern.exec(own)?.[1] ?? '/';
  const v1 = {
    version: 1 as const,
    memory: join(ROOT, 'memory', of(/^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m)),
    processes: join(ROOT, 'pids', of(/^\d+:(?:[^:\n]*,)?pids(?:,[^:\n]*)?:(.*)$/m)),
  };
  const v2 = [join(ROOT, of(/^0::(.*)$/m)), ROOT].map((path) => ({
    version: 2 as const,
    memory: path,
    processes: path,
  }));
  return [...v2, v1];
}

/** Throws what the file system throws. */
export async function openCgroup(
  { version, memory, processes }: Cgroups,
  name: string,
  limits: Pick<SandboxLimits, 'memoryMb' | 'processes'>,
): Promise<Cgroup> {
  const [memoryFolder, processFolder] = [memory, processes].map((parent) =>
    join(parent, `${PREFIX}${processSpace()}-${process.pid}-${name}`),
  );
  const folders = [...new Set([memoryFolder ?? '', processFolder ?? ''])];
  const inMemory = (file: string): string => join(memoryFolder ?? '', file);
  const inProcesses = (file: string): string => join(processFolder ?? '', file);
  const bytes = `${limits.memoryMb * 1024 * 1024}`;
  const remove = async (): Promise<void> => {
    for (const folder of folders) await removeGroup(folder);
  };
  try {
    for (const folder of folders) await mkdir(folder);
    await set(inMemory(version === 2 ? 'memory.max' : 'memory.limit_in_bytes'), bytes);
    // Without swap, or the limit would only move what is above it; not every kernel has the file.
    const swap = version === 2 ? ['memory.swap.max', '0'] : ['memory.memsw.limit_in_bytes', bytes];
    await set(inMemory(swap[0] ?? ''), swap[1] ?? '').catch(() => {});
    await set(inProcesses('pids.max'), `${limits.processes}`);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    doors: folders.map((folder) => join(folder, 'cgroup.procs')),
    passed: async () => {
      if ((await counted(inMemory(version === 2 ? 'memory.events' : 'memory.oom_control'), 'oom_kill')) > 0)
        return 'memory';
      return (await counted(inProcesses('pids.events'), 'max')) > 0 ? 'processes' : null;
    },
    remove,
  };
}

/** Never makes the file: where it is not there, this is no control group, or one without that controller. */
const set = (file: string, value: string): Promise<void> => writeFile(file, value, { flag: 'r+' });

async function counted(file: string, name: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

const TRIES = 100;

/** The kernel counts a process in its group for a moment after its end. */
async function removeGroup(folder: string): Promise<void> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    try {
      return await rmdir(folder);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code !== 'EBUSY') return; // Not there; or not ours to remove, and empty groups cost next to nothing.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** What services left that were killed. */
async function removeOrphans({ memory, processes }: Cgroups): Promise<void> {
  for (const parent of new Set([memory, processes])) {
    for (const name of await readdir(parent)) {
      if (!name.startsWith(PREFIX)) continue;
      // A process id means something in its own space alone.
      const [space, pid] = name.slice(PREFIX.length).split('-');
      if (space !== processSpace() || isAlive(Number(pid))) continue;
      const left = await readFile(join(parent, name, 'cgroup.procs'), 'utf8').catch(() => '');
      // A member of another space has no number here: it shows as 0, which would stand for our own group.
      for (const member of left.split('\n').map(Number)) if (member > 0) kill(member);
      await removeGroup(join(parent, name));
    }
  }
}
