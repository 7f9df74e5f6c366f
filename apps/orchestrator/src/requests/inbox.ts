import { BatonError, TerminalError, toError } from '@baton/contracts';
import { forgetRequest, type LetIn, type PendingRequest, pendingRequests, recordDeadLetter } from '@baton/event-store';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import type { OfLetIn } from '../places/place-line.js';
import { isUnknownRun } from './explain-refusal.js';
import { InboxLine } from './inbox-line.js';
import { isRunToBegin, type TakingPorts, takeRequest } from './take-request.js';

const PAGE = 100;
/** A round ends after so many requests, and the next one goes on behind them. */
const MOST_PAGES = 10;

export interface InboxPorts extends TakingPorts {
  readonly monotonicMs: () => number;
  readonly log: Logger;
  /** A request younger than this is left to its message on the intake queue. Milliseconds. */
  readonly graceMs: number;
}

/**
 * Takes accepted requests whose message on `intake` was lost straight from the table. A request that turns out to be
 * decided already (its message came by another way) is only struck off.
 *
 * Every request has its turn, however many before it fail: those wait ever longer between their tries, and a round goes
 * on where the last one ended, until the end of the line.
 */
export async function takeInbox(ports: InboxPorts, line = new InboxLine()): Promise<void> {
  const { pool, graceMs, monotonicMs } = ports;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await pendingRequests(pool, { olderThanMs: graceMs, limit: PAGE, ...line.place });
    for (const request of page) {
      if (!line.isReady(request, monotonicMs())) continue;
      if ((await takeStored({ ...request, isSuspect: true }, ports)) !== 'again') line.taken(request);
      else line.failed(request, monotonicMs());
    }
    line.passed(page, PAGE);
    if (page.length < PAGE) return;
  }
}

/**
 * Takes a request as it stands in the inbox. One whose run cannot be decided now waits for a later round, and must not hold up
 * those behind it.
 *
 * @throws BatonError where none of them can be taken now
 */
export async function takeStored(request: LetIn, ports: TakingPorts & Pick<InboxPorts, 'log'>): Promise<OfLetIn> {
  const { pool, log } = ports;
  const { requestId, name, message, isVouched, isSuspect } = request;
  try {
    const accepted = isVouched ? request : null;
    const outcome = await takeRequest({ name, message, accepted, isSuspect }, ports);
    if (outcome === 'no-place') return outcome;
    if (outcome === 'ignored') await forgetRequest(pool, requestId);
    log.info({ requestId, outcome }, 'request taken from the inbox');
    return 'done';
  } catch (thrown) {
    const error = toError(thrown);
    // It is the same at every try.
    if (error instanceof TerminalError) return bury(pool, request, error);
    if (isUnknownRun(error) && !(await isRunToBegin(pool, message.runId))) return bury(pool, request, error);
    if (error instanceof BatonError && ENDS_THE_ROUND.has(error.code)) throw error;
    log.warn({ requestId, err: error }, 'request not taken from the inbox, a later round will try again');
    return 'again';
  }
}

/** Nobody behind it would fare better. */
const ENDS_THE_ROUND: ReadonlySet<string> = new Set(['database-unreachable', 'hub-stopping', 'lane-fenced']);

async function bury(pool: Pool, { requestId, name, message }: PendingRequest, error: BatonError): Promise<'done'> {
  await recordDeadLetter(pool, {
    source: 'inbox',
    name,
    reason: `${error.code}: ${error.message}`,
    message: JSON.stringify(message),
    requestId,
  });
  return 'done';
}
