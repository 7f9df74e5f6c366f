import { INTAKE_QUEUE, laneResultsQueues } from '@baton/contracts';
import type { NewMessage, QueueFlow } from '../backend.js';

/** A message waits for no longer than this, as far as it is told: whoever wrote when it is due may have said anything. */
export const LONGEST_WAIT_MS = 365 * 86_400_000;

/*
 * The queues that Baton's own processes have among themselves, beside those of BullMQ with the same names. A message that is
 * done is forgotten. A lease is the time at which a message may be taken again.
 */

const LANES = new Set(laneResultsQueues());
export const isOfLane = (queue: string): boolean => LANES.has(queue);

/** Whatever Baton's own processes send to it goes through their own door. */
export const isOwn = (queue: string): boolean => queue === INTAKE_QUEUE || isOfLane(queue);

/** A message as it is taken out; `id` is the store's name for it. */
export interface TakenMessage {
  readonly id: string;
  readonly jobId: string;
  readonly name: string;
  readonly data: string;
  readonly priority: number;
  readonly failures: number;
  /** This one included. */
  readonly deliveries: number;
  readonly stalls: number;
  /** How long it had been due when it was taken, by the clock of the server. */
  readonly waitedMs: number;
}

export interface MessageStore {
  /** Puts messages into a queue and rings; one whose id is there already is left as it is. */
  put(queue: string, messages: readonly NewMessage[]): Promise<void>;
  /** Takes those away that are done, and the next ones, as many as are wanted. A message that another holds by now stays. */
  finishAndTake(
    queue: string,
    request: {
      readonly holder: string;
      readonly done: readonly string[];
      readonly want: number;
      readonly leaseMs: number;
      /** Of each urgency this rung comes first, and those before it at the end; 0 without it. */
      readonly firstRung?: number;
      /** For so long what is put in may be handed over, up to what is wanted and not there; see `handOver`. */
      readonly waitMs?: number;
    },
  ): Promise<readonly TakenMessage[]>;
  /** Holds those for as long again that are still held; gives their ids. */
  renew(
    queue: string,
    request: { readonly holder: string; readonly ids: readonly string[]; readonly leaseMs: number },
  ): Promise<ReadonlySet<string>>;
  /** Gives a message back, to be taken after a while. */
  release(
    queue: string,
    request: { readonly holder: string; readonly id: string; readonly delayMs: number; readonly isFailure: boolean },
  ): Promise<void>;
  /** Takes messages back that nobody has in work; gives the ids of those that it took. */
  withdraw(queue: string, jobIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** `waiting`, `delayed` or `active` by the id of the job; one that is not there is left out. */
  states(queue: string, jobIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** By state. */
  counts(queue: string): Promise<Readonly<Record<string, number>>>;
  /** How many messages have been due for so long. */
  overdue(queue: string, forMs: number): Promise<number>;
  /** Counts messages that were done a moment ago. It may be missed: nothing but `flow` rests on it. */
  noteDone(queue: string, count: number): Promise<void>;
  flow(queue: string): Promise<QueueFlow>;
  /** Calls `ring` when something is put in or given back, until the function that it gives is called; not where it rejects. A bell may be missed. */
  listen(queue: string, ring: () => void): Promise<() => void>;
  /**
   * Has messages handed over as they are put in, to a holder who waits for them: they are taken as by a request, without one. What
   * was handed over and not heard comes with a later request, or is asked for with `held` when `mayHaveMissed` says so. Resolves
   * with what ends it.
   */
  readonly handOver?: (
    queue: string,
    holder: string,
    take: (messages: readonly TakenMessage[]) => void,
    mayHaveMissed: () => void,
  ) => Promise<() => Promise<void>>;
  /** What a holder has in work, by the store; absent where a later request brings what was not heard. */
  readonly held?: (queue: string, holder: string) => Promise<readonly TakenMessage[]>;
}
