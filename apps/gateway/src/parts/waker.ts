/** Waits for a wake-up that may come before the wait begins. */
export class Waker {
  #isWoken = false;
  #resolve: (() => void) | null = null;

  /** An abort wakes too. */
  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.wake(), { once: true });
    this.#isWoken = signal.aborted;
  }

  wake(): void {
    this.#isWoken = true;
    this.#resolve?.();
  }

  /** @returns true when woken since the last wait, false when `timeoutMs` went by. */
  async wait(timeoutMs: number): Promise<boolean> {
    if (!this.#isWoken) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resolve = resolve;
      const timer = setTimeout(resolve, timeoutMs);
      await promise;
      clearTimeout(timer);
      this.#resolve = null;
    }
    const isWoken = this.#isWoken;
    this.#isWoken = false;
    return isWoken;
  }
}
