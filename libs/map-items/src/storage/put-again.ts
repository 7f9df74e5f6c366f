import { setTimeout } from 'node:timers/promises';
import { ItemFailure } from '../item-failure.js';

/** Waits. A test does not. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** Four minutes in all: a Map may have worked for hours on what would be lost. */
const PAUSES_MS = [2_000, 8_000, 20_000, 30_000, 60_000, 120_000];

const pauseFor: Pause = (ms, signal) => setTimeout(ms, undefined, { signal });

/** Writes, and again where a server is away or has too much to do. @throws what `write` throws in the end */
export async function putAgain(
  write: () => Promise<void>,
  signal: AbortSignal,
  pause: Pause = pauseFor,
): Promise<void> {
  for (const ms of PAUSES_MS) {
    try {
      return await write();
    } catch (thrown) {
      if (!(thrown instanceof ItemFailure) || !thrown.passes) throw thrown;
    }
    await pause(ms, signal);
  }
  return write();
}
