import { toError } from '@baton/contracts';
import type { Logger } from '@baton/service-kit';

/** A task done over and over, never twice at once, until stopped. A failure is logged and the next round comes. */
export class Repeat {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isUnderWay = false;
  #isWanted = false;
  #stopped = false;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly task: () => Promise<void>,
    private readonly log: Logger,
  ) {}

  start(): this {
    this.#timer = setTimeout(() => this.#begin(), this.#isWanted ? 0 : this.everyMs);
    this.#isWanted = false;
    return this;
  }

  /** Does the next round at once; one that is under way may have looked too early, so another follows it. */
  now(): void {
    if (this.#stopped) return;
    this.#isWanted = true;
    if (this.#isUnderWay) return;
    clearTimeout(this.#timer);
    this.start();
  }

  #begin(): void {
    this.#isUnderWay = true;
    // Also what it throws before its first await.
    this.#round = Promise.resolve()
      .then(this.task)
      .catch((thrown: unknown) => {
        this.log.warn({ task: this.name, err: toError(thrown) }, 'periodic task failed, next round will try again');
      })
      .then(() => {
        this.#isUnderWay = false;
        if (!this.#stopped) this.start();
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }
}
