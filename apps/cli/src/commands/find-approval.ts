import { GatewayRefused, listUpTo } from '@baton/client';
import { ApprovalId, type ApprovalSummary, type ApprovalView } from '@baton/contracts';
import { NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { shortApproval } from './run-shapes.js';
import { getRun } from './watch-run.js';

const PAGE = 200;

export interface ApprovalListing {
  readonly limit: number;
  /** Only those of this run. */
  readonly run?: string;
  /** The cursor from which to go on. */
  readonly after?: string;
}

/** Open approvals, longest waiting first; of one run, where it is named. */
export async function openApprovals(
  gateway: Gateway,
  signal: AbortSignal,
  { limit, run, after }: ApprovalListing,
): Promise<{ readonly approvals: readonly ApprovalSummary[]; readonly next: string | null }> {
  const { items: approvals, next } = await listUpTo<ApprovalSummary>({
    ask: async (page) => {
      const answer = await gateway.get('/v1/approvals', { params: { query: { ...page, run } }, signal });
      return { items: answer.approvals, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  return { approvals, next };
}

const get = (gateway: Gateway, approvalId: string, signal: AbortSignal): Promise<ApprovalView> =>
  gateway.get('/v1/approvals/{id}', { params: { path: { id: approvalId } }, signal });

/**
 * An approval by its id `<run>-<n>`, of which the beginning of the run and the number are enough. The run alone stands for
 * its one open approval.
 *
 * @throws NotFound, UsageError when several are meant, GatewayRefused
 */
export async function findApproval(gateway: Gateway, given: string, signal: AbortSignal): Promise<ApprovalView> {
  const word = given.toLowerCase();
  if (ApprovalId.safeParse(word).success) return get(gateway, word, signal);
  const numbered = await getNumbered(gateway, word, signal);
  return numbered ?? onlyOneOf(gateway, word, signal);
}

/** Null where the word is no run and number; it may still be the beginning of a run's id, which has such parts. */
async function getNumbered(gateway: Gateway, word: string, signal: AbortSignal): Promise<ApprovalView | null> {
  const [, run, ordinal] = /^(.+)-([1-9]\d*)$/.exec(word) ?? [];
  if (run === undefined) return null;
  try {
    const { runId } = await getRun(gateway, run, signal);
    return await get(gateway, `${runId}-${ordinal}`, signal);
  } catch (thrown) {
    if (thrown instanceof GatewayRefused && thrown.status === 404) return null;
    throw thrown;
  }
}

const SHOWN = 5;

async function onlyOneOf(gateway: Gateway, run: string, signal: AbortSignal): Promise<ApprovalView> {
  const params = { query: { run, limit: SHOWN } };
  const { approvals } = await gateway.get('/v1/approvals', { params, signal });
  const [only] = approvals;
  if (only === undefined) {
    throw new NotFound(`Run ${run} waits for no approval.`, 'List what is open with `baton approval list`.');
  }
  if (approvals.length === 1) return get(gateway, only.approvalId, signal);
  const list = approvals.map(({ approvalId }) => shortApproval(approvalId)).join(', ');
  throw new UsageError(`Run ${run} waits for more than one approval: ${list}.`, 'Name one of them.');
}
