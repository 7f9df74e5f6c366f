import { workerQueue } from '@baton/contracts';

/** Which kinds of worker take several tasks as one job, as their living workers say: looked up every second. */
export class BundlingKinds {
  #byQueue: ReadonlyMap<string, number> = new Map();

  constructor(private readonly read: () => Promise<ReadonlyMap<string, number>>) {}

  /** 1 where each task is to be a job of its own. */
  bundleOf(queue: string): number {
    return this.#byQueue.get(queue) ?? 1;
  }

  async refresh(): Promise<void> {
    this.#byQueue = new Map([...(await this.read())].map(([kind, bundle]) => [workerQueue(kind), bundle]));
  }
}
