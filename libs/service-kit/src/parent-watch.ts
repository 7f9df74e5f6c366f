import { isRunning } from './embedded-postgres/process-facts.js';

const POLL_MS = 500;

/**
 * Calls back once when the supervisor has gone, however it went: a kill -9 closes the IPC channel, and gives a direct child
 * another parent. Without either, `parentPid` is looked at now and then.
 */
export function onParentGone(parentPid: number | undefined, callback: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  let isTold = false;
  const tell = (): void => {
    clearInterval(timer);
    if (isTold) return;
    isTold = true;
    callback();
  };
  // Listening keeps the channel, and with it the process, alive; the watch alone must not.
  if (process.channel !== undefined) {
    process.once('disconnect', tell);
    process.channel?.unref();
  }
  if (parentPid === undefined) return;
  const isDirectChild = process.ppid === parentPid;
  const isGone = (): boolean => (isDirectChild ? process.ppid !== parentPid : !isRunning(parentPid));
  timer = setInterval(() => {
    if (isGone()) tell();
  }, POLL_MS);
  timer.unref();
}
