import { CancelRun, SubmitRun, TerminalError, toError } from '@baton/contracts';
import { forgetRequest, type PendingRequest, pendingRequests, recordDeadLetter } from '@baton/event-store';
import type { Catalog } from '@baton/read-model';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import type { HubMessage, HubOutcome } from './hub/message.js';
import { cancellation, submission } from './intake.js';

const PAGE = 100;

export interface InboxPorts {
  readonly pool: Pool;
  readonly catalog: Catalog;
  readonly handle: (message: HubMessage) => Promise<HubOutcome>;
  readonly nowMs: () => number;
  readonly log: Logger;
  /** A request younger than this is left to its message on the intake queue. Milliseconds. */
  readonly graceMs: number;
}

/**
 * Takes accepted requests whose message on `intake` was lost straight from the table. A request that turns out to be
 * decided already (its message came by another way) is only struck off.
 */
export async function takeInbox(ports: InboxPorts): Promise<void> {
  const olderThanIso = new Date(ports.nowMs() - ports.graceMs).toISOString();
  for (const request of await pendingRequests(ports.pool, { olderThanIso, limit: PAGE })) {
    try {
      const outcome = await ports.handle(toMessage(request, ports.catalog));
      if (outcome === 'ignored') await forgetRequest(ports.pool, request.requestId);
      ports.log.info({ requestId: request.requestId, outcome }, 'request taken from the inbox');
    } catch (thrown) {
      const error = toError(thrown);
      if (!(error instanceof TerminalError)) throw error;
      const { requestId, name, message } = request;
      const letter = { source: 'inbox', name, reason: error.message, message: JSON.stringify(message), requestId };
      await recordDeadLetter(ports.pool, letter);
    }
  }
}

function toMessage(request: PendingRequest, catalog: Catalog): HubMessage {
  switch (request.name) {
    case 'submit':
      return submission(parse(SubmitRun, request), catalog);
    case 'cancel':
      return cancellation(parse(CancelRun, request));
    default:
      throw new TerminalError(`There is no request named ${request.name}.`, { code: 'unknown-request' });
  }
}

function parse<T>(schema: { parse(value: unknown): T }, request: PendingRequest): T {
  try {
    return schema.parse(request.message);
  } catch (cause) {
    throw new TerminalError(`The request does not fit its schema: ${toError(cause).message}`, {
      code: 'invalid-request',
      cause,
    });
  }
}
