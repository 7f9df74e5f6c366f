import { toError } from '@baton/contracts';
import type { Logger } from '@baton/service-kit';

/** A task done over and over, never twice at once, until stopped. A failure is logged and the next round comes. */
export class Repeat {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly task: () => Promise<void>,
    private readonly log: Logger,
  ) {}

  start(): this {
    this.#timer = setTimeout(() => {
      // Also what it throws before its first await.
      this.#round = Promise.resolve()
        .then(this.task)
        .catch((thrown: unknown) => {
          this.log.warn({ task: this.name, err: toError(thrown) }, 'periodic task failed, next round will try again');
        })
        .then(() => {
          if (!this.#stopped) this.start();
        });
    }, this.everyMs);
    return this;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }
}
