import { workerQueue } from '@baton/contracts';
import type { KindOfWorker } from '@baton/event-store';

/** How tasks are sent to a queue. */
export interface Way {
  /** So many of them as one job. */
  readonly bundle: number;
  readonly via?: 'table';
  /** Where their results are to go; absent: to the queues of their runs. */
  readonly replyTo?: string;
}

/**
 * How tasks get to the workers of each kind: as every living one of them says, looked up each second. Through the table where all
 * look into it, and then each by itself, since there a message costs a row; else through BullMQ, in bundles where all take them.
 */
export class WaysToWorkers {
  #byQueue: ReadonlyMap<string, Way> = new Map();
  readonly #usual: Way;
  readonly #table: Way;

  /** @param hasTable whether the queues have a table: then nobody takes results of the lane from elsewhere */
  constructor(
    private readonly read: () => Promise<readonly KindOfWorker[]>,
    replyTo: string,
    hasTable: boolean,
  ) {
    this.#usual = hasTable ? { bundle: 1 } : { bundle: 1, replyTo };
    this.#table = { bundle: 1, via: 'table', replyTo };
  }

  wayTo(queue: string): Way {
    return this.#byQueue.get(queue) ?? this.#usual;
  }

  async refresh(): Promise<void> {
    const kinds = await this.read();
    this.#byQueue = new Map(
      kinds.map(({ kind, bundle, isOfTable }) => [
        workerQueue(kind),
        isOfTable ? this.#table : { ...this.#usual, bundle },
      ]),
    );
  }
}
