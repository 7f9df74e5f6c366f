import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds; says what it waited for when the time is up. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await sleep(50);
  }
}
