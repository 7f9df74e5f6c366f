import { workerQueue } from '@baton/contracts';
import type { KindOfWorker } from '@baton/event-store';

/** How tasks are sent to a queue. */
export interface Way {
  /** So many of them as one job. */
  readonly bundle: number;
  readonly via?: 'own-door';
  /** They look there on every rung; BullMQ's workers do in any case. */
  readonly looksAtRungs?: boolean;
  /** Workers of this kind live, and none of them looks behind the own door: what stands there is nobody's. */
  readonly isOwnDoorLeft?: boolean;
}

const USUAL: Way = { bundle: 1 };

/** Whether whoever takes what is sent so finds it on every rung; workers of an older Baton do not, behind the own door. */
export const hasRungs = ({ via, looksAtRungs }: Way): boolean => via !== 'own-door' || looksAtRungs === true;

/**
 * How tasks get to the workers of each kind: as every living one of them says, looked up each second. Through the door that
 * Baton's own processes have where all of them look there, else through BullMQ's, also where none lives; in bundles where all
 * take those. What was sent before stays where it is: the sweep looks after it.
 */
export class WaysToWorkers {
  #byQueue: ReadonlyMap<string, Way> = new Map();

  constructor(private readonly read: () => Promise<readonly KindOfWorker[]>) {}

  wayTo(queue: string): Way {
    return this.#byQueue.get(queue) ?? USUAL;
  }

  async refresh(): Promise<void> {
    const kinds = await this.read();
    this.#byQueue = new Map(
      kinds.map(({ kind, bundle, hasOwnDoor, someHaveOwnDoor, looksAtRungs }) => [
        workerQueue(kind),
        hasOwnDoor ? { bundle, via: 'own-door', looksAtRungs } : { bundle, isOwnDoorLeft: !someHaveOwnDoor },
      ]),
    );
  }
}
