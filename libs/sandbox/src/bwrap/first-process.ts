import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { kill } from '../signal.js';

/** The first process of a sandbox, as it is numbered here. Numbers are given again, so its start belongs to it. */
export interface FirstProcess {
  readonly pid: number;
  readonly startedTicks: string;
}

const Info = z.object({ 'child-pid': z.int().positive() });

/**
 * What bubblewrap tells on its `--info-fd`. Not read to the end: what made the sandbox keeps the pipe open as long as it
 * lives.
 *
 * @returns null where the sandbox was never made, or is over already
 */
export const firstProcess = (stream: unknown): Promise<FirstProcess | null> =>
  new Promise((resolve) => {
    if (!isReadable(stream)) return resolve(null);
    let words = '';
    stream.on('data', (chunk: Buffer) => {
      words += chunk.toString();
      const info = Info.safeParse(parsed(words));
      if (!info.success) return;
      const pid = info.data['child-pid'];
      const state = stateOf(pid);
      resolve(state === null ? null : { pid, startedTicks: state.startedTicks });
    });
    for (const ending of ['end', 'close', 'error']) stream.on(ending, () => resolve(null));
  });

const parsed = (words: string): unknown => {
  try {
    return JSON.parse(words);
  } catch {
    return null; // Not all of it has come.
  }
};

const isReadable = (stream: unknown): stream is NodeJS.ReadableStream =>
  typeof stream === 'object' && stream !== null && 'read' in stream;

/** Columns 3 and 22 of `/proc/<pid>/stat`; the name before them can hold anything, in brackets. */
function stateOf(pid: number): { readonly letter: string; readonly startedTicks: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { letter: columns[0] ?? '', startedTicks: columns[19] ?? '' };
  } catch {
    return null;
  }
}

/**
 * Folders as a sandbox has them, as paths of this machine. None while it is being made: until it has a root of its own, the
 * same paths lead to the folders of this machine, and on a busy one that can take longer than the first look.
 */
export function foldersWithin({ pid }: Pick<FirstProcess, 'pid'>, folders: readonly string[]): readonly string[] {
  try {
    const [its, ours] = [statSync(`/proc/${pid}/root`), statSync('/')];
    if (its.dev === ours.dev && its.ino === ours.ino) return [];
  } catch {
    return []; // Over already.
  }
  return folders.map((path) => `/proc/${pid}/root${path}`);
}

const PAUSE_MS = 2;
const TRIES = 1000;

/**
 * Ends it. The end of its first process ends all others of a process namespace, and the kernel lets that one be seen as
 * ended only when they are gone.
 */
export async function end({ pid, startedTicks }: FirstProcess): Promise<void> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const state = stateOf(pid);
    if (state === null || state.startedTicks !== startedTicks || 'ZX'.includes(state.letter)) return;
    if (tried === 0) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
