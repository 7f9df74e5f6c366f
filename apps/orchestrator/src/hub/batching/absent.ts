import type { RunId } from '@baton/contracts';

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
  #back: Back<T>[] = [];

  get size(): number {
    return this.#runs.size;
  }

  has(runId: RunId): boolean {
    return this.#runs.has(runId);
  }

  /** @param result must not reject */
  wait(runId: RunId, result: Promise<T | null>, onBack: () => void): void {
    const back = result.then((found) => {
      this.#back.push({ runId, result: found });
      onBack();
    });
    this.#runs.set(runId, back);
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
