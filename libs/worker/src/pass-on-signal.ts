import { readFileSync } from 'node:fs';

/*
 * npm and npx start a program by a shell, and are ended together with it or alone: a signal to them never reaches the
 * program, which would live on as an orphan and take tasks. So a program that npm started looks whether those are still there.
 */

const LOOK_EVERY_MS = 200;

/** Sends this process the SIGTERM that npm did not pass on, once npm is gone. Does not keep the process alive. */
export function passOnSignalOfNpm(): void {
  const parent = process.ppid;
  // Where no shell stands between, the next above is somebody's terminal: a worker may outlive that.
  const npm = isShell(parent) ? parentOf(parent) : null;
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === null || parentOf(parent) === npm)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  timer.unref();
}

const isShell = (pid: number): boolean => /^(ba|da|z)?sh$/.test(processFile(pid, 'comm')?.trim() ?? '');

/** Null where the system does not show it: Linux does. The name before it stands in brackets, and may hold anything. */
function parentOf(pid: number): number | null {
  const parent = /^.*\) \S (\d+)/s.exec(processFile(pid, 'stat') ?? '')?.[1];
  return parent === undefined ? null : Number(parent);
}

function processFile(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}
