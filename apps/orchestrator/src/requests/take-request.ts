import { RunId, runIdOfRequest, TerminalError } from '@baton/contracts';
import { acceptedBeginning, findRequest, isRunAccepted, type PendingRequest, type Suspect } from '@baton/event-store';
import type { Pool } from 'pg';
import type { HubMessage, HubOutcome } from '../hub/message.js';
import type { PlaceLine } from '../places/place-line.js';
import { runToWait } from '../places/run-to-wait.js';
import { explainRefusal } from './explain-refusal.js';
import { type RequestPorts, readRequest } from './read-request.js';
import { refuseLostLimit } from './refuse-lost-limit.js';
import { refusal } from './submission.js';
import { tookSignOfLife } from './task-answer.js';

export interface TakingPorts extends RequestPorts {
  /** Where runs stand in line; absent for those that were let in. */
  readonly line?: Pick<PlaceLine, 'hasCaps' | 'wait'>;
  readonly handle: (message: HubMessage) => Promise<HubOutcome>;
  /** Notes in Postgres of what this process does that may end it: see `beginSuspect` and `clearSuspect`. */
  readonly suspects: {
    readonly begin: (suspect: Suspect) => Promise<boolean>;
    readonly clear: (key: string) => Promise<void>;
  };
}

/** A request as it came, from its queue or from the inbox. */
export interface RequestToTake {
  readonly name: string;
  readonly message: unknown;
  /** The request with its id as the gateway accepted it, or null when it did not. */
  readonly accepted: PendingRequest | null;
  /** Where nobody looked whether the gateway accepted it: see `HubMessage`. */
  readonly unseenAsOf?: number;
  /** Whether the process that had it before may have ended over it. */
  readonly isSuspect: boolean;
}

/**
 * Tells the hub of a request.
 *
 * @returns `ignored` only where it had its effect before, or where nothing is left to be done
 * @throws TerminalError when it is none that can be carried out, or is refused; RetryableError `unknown-run` when its run
 *   may yet begin
 */
export async function takeRequest(request: RequestToTake, ports: TakingPorts): Promise<HubOutcome> {
  if (await tookSignOfLife(request, ports.pool)) return 'committed';
  const read = await readUnderNote(request, ports);
  await refuseLostLimit(ports.pool, read);
  const suspect = request.isSuspect ? { suspectAs: `request ${read.requestId ?? read.causationId}` } : {};
  const asked = { ...read, ...suspect, unseenAsOf: request.unseenAsOf };
  // Before its decision: that is made once, when it is let in.
  const outcome =
    runToWait(request, asked) !== null && ports.line?.hasCaps === true
      ? 'no-place'
      : ((await cancelBeforeStart(asked, ports)) ?? (await ports.handle(asked)));
  if (outcome === 'no-place') return haveWait(request, asked, ports);
  const refused = outcome === 'ignored' ? await explain(ports.pool, asked) : null;
  if (refused !== null) throw refused;
  return outcome;
}

/**
 * A request is checked before the hub has it, its input against a schema of anybody's: that may have ended its process, too,
 * and is done under a note of its own.
 *
 * @throws TerminalError `ended-its-process` where two processes ended over it
 */
async function readUnderNote(request: RequestToTake, ports: TakingPorts): Promise<HubMessage> {
  const { name, message, accepted, isSuspect } = request;
  const suspect = isSuspect ? suspectOf(accepted?.message ?? message, ports.shard?.of) : null;
  if (suspect === null) return readRequest(name, message, accepted, ports);
  if (!(await ports.suspects.begin(suspect))) {
    throw new TerminalError(`Each of the last processes that checked this ${name} by itself ended over it.`, {
      code: 'ended-its-process',
      next: 'Make its input smaller, or look at the input schema of its workflow.',
    });
  }
  // What is refused has not ended anybody either.
  return readRequest(name, message, accepted, ports).finally(() => ports.suspects.clear(suspect.key));
}

/** Null where no run can be named: that is refused before anything is checked. */
function suspectOf(message: unknown, shards = 1): Suspect | null {
  if (typeof message !== 'object' || message === null || !('requestId' in message)) return null;
  const { requestId } = message;
  if (typeof requestId !== 'string' || !requestId.isWellFormed()) return null;
  const named = RunId.safeParse('runId' in message ? message.runId : undefined);
  return { key: `intake ${requestId}`, runId: named.success ? named.data : runIdOfRequest(requestId, shards) };
}

/**
 * A run that was accepted and has not begun is begun as one that was cancelled: its log says what became of it, and none of
 * its expressions is evaluated, which may be why it has not begun.
 *
 * @returns null where there is no such run
 */
async function cancelBeforeStart(asked: HubMessage, ports: TakingPorts): Promise<HubOutcome | null> {
  const { order, runId } = asked;
  if (order.type !== 'CancelRun') return null;
  const beginning = await acceptedBeginning(ports.pool, runId);
  if (beginning === null) return null;
  const { name, message } = beginning;
  const begin = await readRequest(name, message, beginning.isVouched ? beginning : null, ports);
  if (begin.order.type !== 'StartRun' && begin.order.type !== 'ForkRun') return null;
  const { reason, requestId } = order;
  await ports.handle({ ...begin, order: { ...begin.order, cancelled: { reason, requestId } } });
  // Where it has begun after all, this cancels it; else nothing is left to be done.
  return ports.handle(asked);
}

/** It stands in line from now on, and is let in from there. One that was let in stands there still. */
async function haveWait(request: RequestToTake, asked: HubMessage, { line }: TakingPorts): Promise<HubOutcome> {
  const run = runToWait(request, asked);
  if (line !== undefined && run !== null) await line.wait(run);
  return 'no-place';
}

/** Nothing happened: it was done before, or there is nothing to do it to. */
async function explain(pool: Pool, asked: HubMessage): Promise<Error | null> {
  const { runId, order, requestId = '' } = asked;
  const begins = order.type === 'StartRun' || order.type === 'ForkRun';
  return begins ? refusal(runId, (await findRequest(pool, requestId)) !== null) : explainRefusal(pool, asked);
}

/** Whether the run that a request is about was accepted and has not begun: then the request waits for it. */
export async function isRunToBegin(pool: Pool, runId: unknown): Promise<boolean> {
  const read = RunId.safeParse(runId);
  return read.success && (await isRunAccepted(pool, read.data));
}
