import { intakeMessages, type JsonObject, RunId } from '@baton/contracts';
import {
  acceptedOfLetter,
  acceptedRequest,
  findDeadLetter,
  findRequest,
  isParked,
  openCommand,
  type PendingRequest,
  requeueLetter,
  type StoredDeadLetter,
} from '@baton/event-store';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import type { Deed } from '../once/once.js';
import type { GatewayParts } from '../parts/parts.js';
import { messageOfLetter } from './message-of-letter.js';

/*
 * What "again" means depends on where the letter came from:
 *
 *   intake, inbox   the request is accepted again, under its id: it has its effect once, however often that is done
 *   results-<n>     a hub sends the message to its queue again; it counts where its task is still waited for
 *   worker-<kind>   a hub sends the task out again as it stands in Postgres, not as the letter says: anybody may write those
 *   hub             the run that stood still goes on, and a request that was put aside with it is accepted again
 */

const LetterId = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/**
 * Sees to it that a message that could not be taken can be taken up again. The letter stays, with who asked for it and when.
 *
 * @returns what has it taken up
 * @throws ProblemError 404, or 409 with the reason why nothing would come of it
 */
export async function prepareRequeue(
  parts: Pick<GatewayParts, 'pool' | 'caller'>,
  rawId: string,
): Promise<Deed<StoredDeadLetter>> {
  const { pool } = parts;
  const letter = await requireLetter(pool, rawId);
  const { id } = letter;
  if (letter.requeuedAt !== undefined) throw alreadyRequeued(letter);
  const request = await prepare(pool, letter);
  const isForHub = !isRequest(letter);
  const by = parts.caller().actor;
  return async (connection) => {
    const isTaken = await requeueLetter(connection, { id, by, request, isForHub });
    const now = await requireLetter(connection, rawId);
    if (!isTaken) throw alreadyRequeued(now);
    return now;
  };
}

async function requireLetter(connection: Pool | PoolClient, rawId: string): Promise<StoredDeadLetter> {
  const id = LetterId.safeParse(rawId);
  const letter = id.success ? await findDeadLetter(connection, id.data) : null;
  if (letter !== null) return letter;
  throw new ProblemError(`There is no dead letter ${rawId.slice(0, 64)}.`, {
    status: 404,
    code: 'dead-letter-not-found',
    next: 'GET /v1/dead-letters?status=all lists them.',
  });
}

const isRequest = ({ source }: StoredDeadLetter): boolean => source === 'intake' || source === 'inbox';

/** Refuses what would come to nothing. @returns the request to accept again; null where there is none */
async function prepare(pool: Pool, letter: StoredDeadLetter): Promise<PendingRequest | null> {
  if (letter.source.startsWith('worker-')) return refuseUnlessOpen(pool, letter);
  if (letter.source.startsWith('results-')) {
    await refuseUnlessOpen(pool, letter);
    messageOfLetter(letter);
    return null;
  }
  const accepted = await acceptedOfLetter(pool, letter);
  if (letter.source === 'hub') await refuseUnlessHeld(pool, letter, accepted);
  else if (!isRequest(letter)) throw lost(letter, 'nothing is known of where it came from');
  const request = accepted ?? (isRequest(letter) ? unvouched(letter) : null);
  if (request !== null) await refuseWhereDone(pool, letter, request);
  return request;
}

/** Of a request that nobody accepted, nobody vouches for who made it: it is a producer's word, and has no roles. */
function unvouched(letter: StoredDeadLetter): PendingRequest {
  const { roles: _, actor, ...message } = messageOfLetter(letter);
  const { requestId } = z.object({ requestId: z.string() }).parse(message);
  return { requestId, name: letter.name, message: { ...message, ...producer(actor) } };
}

function producer(claimed: unknown): { readonly actor?: JsonObject } {
  if (claimed === undefined) return {};
  const { type, id } = intakeMessages.submit.shape.actor.unwrap().parse(claimed);
  return { actor: { type: 'producer', id: type === 'producer' ? id : `${type}:${id}`.slice(0, 200) } };
}

async function refuseUnlessOpen(pool: Pool, letter: StoredDeadLetter): Promise<null> {
  const { commandId, id } = letter;
  if (commandId === undefined) throw lost(letter, 'it does not say which task it is about');
  if ((await openCommand(pool, commandId)) !== null) return null;
  throw new ProblemError(`Nobody waits for task ${commandId} any more, which dead letter ${id} is about.`, {
    status: 409,
    code: 'task-not-open',
    next: 'Nothing is to be done: its run has gone on without it, or has ended.',
  });
}

/** A run that does not stand still needs no release: what the hub put aside of it is asked for again by itself. */
async function refuseUnlessHeld(pool: Pool, letter: StoredDeadLetter, accepted: PendingRequest | null): Promise<void> {
  const runId = RunId.safeParse(letter.runId);
  if (accepted !== null || (runId.success && (await isParked(pool, runId.data)))) return;
  throw new ProblemError(`Run ${letter.runId ?? ''} does not stand still over dead letter ${letter.id}.`, {
    status: 409,
    code: 'run-not-parked',
    next: 'A task without a result is sent out again by itself; a request that came by the queue has to be sent again.',
  });
}

async function refuseWhereDone(pool: Pool, { id }: StoredDeadLetter, { requestId }: PendingRequest): Promise<void> {
  const done = await findRequest(pool, requestId);
  if (done !== null) {
    throw new ProblemError(`The request of dead letter ${id} had its effect on run ${done.runId}.`, {
      status: 409,
      code: 'request-done',
      next: `GET /v1/runs/${done.runId} shows that run.`,
    });
  }
  if ((await acceptedRequest(pool, requestId)) === null) return;
  throw new ProblemError(`The request of dead letter ${id} was accepted again, and waits.`, {
    status: 409,
    code: 'request-waiting',
    next: 'See what becomes of it; it needs nothing more.',
  });
}

function alreadyRequeued({ id, requeuedAt = '', requeuedBy }: StoredDeadLetter): ProblemError {
  const who = requeuedBy === undefined ? '' : ` by ${requeuedBy.type} ${requeuedBy.id}`;
  return new ProblemError(`Dead letter ${id} was taken up again${who} at ${requeuedAt}.`, {
    status: 409,
    code: 'dead-letter-requeued',
    next: 'Where it failed once more there is a new letter: GET /v1/dead-letters lists it.',
  });
}

const lost = ({ id }: StoredDeadLetter, why: string): ProblemError =>
  new ProblemError(`Dead letter ${id} cannot be taken up again: ${why}.`, {
    status: 409,
    code: 'dead-letter-unreadable',
    next: 'Have it sent again by whoever sent it.',
  });
