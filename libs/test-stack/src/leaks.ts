import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/* What a spec file leaves behind. `scripts/testing/no-leaks.ts` asks before and after each file. */

export interface Child {
  readonly pid: number;
  readonly command: string;
}

/** A socket that was closed a moment ago, and a process that was killed, need as long to be gone. */
const GRACE_MS = 3_000;
const STAYS_OPEN = ['TCPSocketWrap', 'TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'];
const kept = new Set<number>();

/** A process that outlives the file that started it, such as a stack for all files of a worker; unreferenced by its owner. */
export const keepProcess = (pid: number): void => void kept.add(pid);

/** What is open and running now. */
export interface Holdings {
  readonly handles: readonly string[];
  readonly children: readonly Child[];
}
export const holdings = (): Holdings => ({ handles: openHandles(), children: children() });

/**
 * What is still open or running when the grace is over, in words.
 * @param before what was there when the file began: another file of the worker left it and was told of it
 */
export async function leftovers(before: Holdings = { handles: [], children: [] }): Promise<readonly string[]> {
  const end = performance.now() + GRACE_MS;
  for (;;) {
    const left = [
      ...without(openHandles(), before.handles),
      ...children()
        .filter(({ pid }) => before.children.every((child) => child.pid !== pid))
        .map(({ pid, command }) => `process ${pid}: ${command.slice(0, 200)}`),
    ];
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(25);
  }
}

/** Those that are more than there were: handles have a kind and no name. */
function without(all: readonly string[], known: readonly string[]): readonly string[] {
  const rest = [...all];
  for (const kind of known) {
    const index = rest.indexOf(kind);
    if (index >= 0) rest.splice(index, 1);
  }
  return rest;
}

/** What would keep this process alive. Idle connections of `fetch` would not, and are not told. */
const openHandles = (): readonly string[] =>
  process.getActiveResourcesInfo().filter((kind) => STAYS_OPEN.includes(kind));

/** Processes that this one started and that are still there, but for those that are kept. */
export const children = (): readonly Child[] =>
  (existsSync('/proc/self/task') ? childrenByProc() : childrenByPs()).filter(({ pid }) => !kept.has(pid));

/** Reads a handful of files, where `ps` would read those of the whole machine after each spec file. */
function childrenByProc(): readonly Child[] {
  const threads = readdirSync('/proc/self/task');
  const pids = threads.flatMap((thread) => read(`/proc/self/task/${thread}/children`).match(/\d+/g) ?? []);
  return pids.flatMap((pid) => {
    // Empty for a process that has ended and was not asked for its exit code yet.
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    return command === '' ? [] : [{ pid: Number(pid), command }];
  });
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
};

function childrenByPs(): readonly Child[] {
  const listing = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return listing.split('\n').flatMap((line) => {
    const [, pid = '', ppid = '', state = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const isOwn = Number(ppid) === process.pid && !state.startsWith('Z') && !command.startsWith('ps -eo');
    return isOwn ? [{ pid: Number(pid), command }] : [];
  });
}
