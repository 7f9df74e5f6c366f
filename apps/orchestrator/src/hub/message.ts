import type { Actor, RequestId, RunId } from '@baton/contracts';
import type { RunOrder } from '@baton/workflow';

/** One thing the hub is told about a run, whatever the way it came: a submission, a result, a deadline. */
export interface HubMessage {
  readonly runId: RunId;
  readonly order: RunOrder;
  readonly actor: Actor;
  /** The id of the message or command that caused it: recorded with every event that follows. */
  readonly causationId: string;
  /** Set for requests from outside: consumed with the events, so that a repeated request has no effect. */
  readonly requestId?: RequestId;
  /**
   * Set where nobody looked whether the gateway accepted the request: the change of the workflows that it was read by. It is
   * only committed where there was nothing to be seen, and fails with RetryableError `must-look-up` otherwise.
   */
  readonly unseenAsOf?: number | undefined;
  /**
   * Set where the process that had it before may have ended over it: it is decided by itself. The same at each delivery.
   */
  readonly suspectAs?: string | undefined;
  /** The W3C trace context of whatever brought it. */
  readonly trace?: string | undefined;
}

/**
 * What became of a message. `committed`: its events are durable. `ignored`: it is a duplicate, late, or for a run that
 * has ended; nothing was written and nothing will be. `put-aside`: it cannot be decided or written, and is a dead letter
 * now. All three may be acknowledged. `no-place`: a run that may not begin, since a cap is full; nothing was written, and whoever
 * brought it has it wait.
 */
export type HubOutcome = 'committed' | 'ignored' | 'put-aside' | 'no-place';
