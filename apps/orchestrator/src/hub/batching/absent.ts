import { setTimeout as sleep } from 'node:timers/promises';
import type { RunId } from '@baton/contracts';

/** How long somebody waits, all in all. */
export interface Patience {
  leftMs: number;
  readonly monotonicMs: () => number;
}

/** A run that has come back: what was decided for it, or null where nothing had an effect. */
interface Back<T> {
  readonly runId: RunId;
  readonly result: T | null;
}

/**
 * The runs that are being decided beside the batches, since something in their decision takes its time. A run is absent
 * until what was decided for it is written: nothing else may be decided on its state meanwhile.
 */
export class Absent<T> {
  readonly #runs = new Map<RunId, Promise<void>>();
  readonly #away = new Map<RunId, Promise<void>>();
  #back: Back<T>[] = [];

  get size(): number {
    return this.#runs.size;
  }

  get someAreBack(): boolean {
    return this.#back.length > 0;
  }

  /** How many have not come back. */
  get away(): number {
    return this.#away.size;
  }

  has(runId: RunId): boolean {
    return this.#runs.has(runId);
  }

  /** @param result must not reject */
  wait(runId: RunId, result: Promise<T | null>, onBack: () => void): void {
    const back = result.then((found) => {
      this.#away.delete(runId);
      this.#back.push({ runId, result: found });
      onBack();
    });
    this.#runs.set(runId, back);
    this.#away.set(runId, back);
  }

  /** Whether fewer than so many are away; waits for that as long as there is patience left. */
  async hasRoom(most: number, patience: Patience): Promise<boolean> {
    while (this.#away.size >= most && patience.leftMs > 0) {
      const beganMs = patience.monotonicMs();
      const enough = new AbortController();
      const end = sleep(patience.leftMs, undefined, { signal: enough.signal }).catch(() => {});
      await Promise.race([end, ...this.#away.values()]);
      enough.abort();
      // At least a little, or a clock that stands still would wait for ever.
      patience.leftMs -= Math.max(0.1, patience.monotonicMs() - beganMs);
    }
    return this.#away.size < most;
  }

  /** Those that are back since the last time. */
  takeBack(): readonly Back<T>[] {
    const back = this.#back;
    this.#back = [];
    return back;
  }

  /** It is there again: its next messages may be decided. */
  forget(runId: RunId): void {
    this.#runs.delete(runId);
  }

  /** Resolves when one of those that are absent is back; at once where none is. */
  async oneIsBack(): Promise<void> {
    if (this.#runs.size > 0) await Promise.race(this.#runs.values());
  }
}
