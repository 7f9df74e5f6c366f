import { setTimeout as sleep } from 'node:timers/promises';

const LATE = Symbol('late');

/** The value of `work`, or `undefined` when it takes longer than `timeoutMs`; a late failure of `work` is swallowed. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<{ readonly value: T } | undefined> {
  const stopTimer = new AbortController();
  const timer = sleep(timeoutMs, LATE, { signal: stopTimer.signal }).catch(() => LATE);
  try {
    const first = await Promise.race([work, timer]);
    if (first !== LATE) return { value: await work };
    work.catch(() => {});
    return undefined;
  } finally {
    stopTimer.abort();
  }
}
