import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/** Asks again and again until it no longer throws. */
export async function eventually<T>(check: () => Promise<T>, what: string, timeoutMs = PATIENCE_MS): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (thrown) {
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`, { cause: thrown });
      await sleep(50);
    }
  }
}
