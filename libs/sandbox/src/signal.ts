/** @returns whether there is such a process, also one of somebody else */
export const isAlive = (pid: number): boolean => send(pid, 0);

/** Ends a process, or with a negative number a group; that it is gone already is fine. */
export const kill = (pid: number): void => void send(pid, 'SIGKILL');

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // EPERM: somebody else's; or on macOS a group of processes that have ended.
    if (code === 'EPERM') return true;
    if (code === 'ESRCH') return false;
    throw error;
  }
}
