import { statfs } from 'node:fs/promises';
import { folderLook } from './folder-use.js';
import { useOfTree } from './process-tree.js';
import type { SandboxLimits, StopReason } from './sandbox.js';

const LOOK_EVERY_MS = 100;
/** Of those looks, every which one goes through the worktree: that one costs a walk. */
const DISK_LOOK = 5;

interface Watched {
  readonly pid: number;
  readonly work: string;
  /** File systems in memory that only the command sees, as paths of this machine; empty where there are none. */
  readonly memoryFolders: () => readonly string[];
  readonly limits: SandboxLimits;
  /** Bounds that the kernel has seen passed: it ends one process, and the others would wait for it. */
  readonly passed: () => Promise<StopReason | null>;
}

/**
 * Looks at all that a command started, ten times a second, and says once which bound it has passed. Where there is a cgroup
 * the kernel is stricter and sooner; where there is none, this is what bounds the sum.
 */
export function watchUse(watched: Watched, onPassed: (reason: StopReason) => void) {
  const { limits } = watched;
  const most = { bytes: limits.diskMb * 1024 * 1024, files: limits.files };
  const isWorkOverfull = folderLook(watched.work, most);
  let looks = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isOver = false;

  const look = async (): Promise<StopReason | null> => {
    looks += 1;
    const { threads, memoryKb } = await useOfTree(watched.pid);
    if (memoryKb > limits.memoryMb * 1024) return 'memory';
    if (threads >= limits.processes) return 'processes';
    const passed = await watched.passed();
    if (passed !== null) return passed;
    if (await hasTooManyFiles(watched.memoryFolders(), limits.files)) return 'disk';
    return looks % DISK_LOOK === 0 && (await isWorkOverfull()) ? 'disk' : null;
  };
  const lookLater = (): void => {
    timer = setTimeout(() => {
      looking = look().then((reason) => {
        if (reason !== null && !isOver) onPassed(reason);
        else if (!isOver) lookLater();
      });
    }, LOOK_EVERY_MS);
  };
  lookLater();
  return {
    /** Ends the looking. */
    stop: async (): Promise<void> => {
      isOver = true;
      clearTimeout(timer);
      await looking;
    },
    /** A last look, at what a command left that was quicker than the others. */
    isWorkOverfull: folderLook(watched.work, most),
  };
}

/** The size of such a file system is bounded by its mount, the number of its files only by the memory of the machine. */
async function hasTooManyFiles(folders: readonly string[], most: number): Promise<boolean> {
  for (const folder of folders) {
    const info = await statfs(folder).catch(() => null); // Not there yet, or not any more.
    if (info !== null && info.files - info.ffree > most) return true;
  }
  return false;
}
