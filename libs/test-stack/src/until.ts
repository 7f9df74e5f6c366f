import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the condition holds; says what it waited for when the time is up.
 *
 * @param pauseMs between two looks. Each look at a run has the gateway build its view: where nothing has to happen at once, a
 *   longer pause leaves the processor to what is waited for.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 30_000,
  pauseMs = 50,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await sleep(pauseMs);
  }
}
