import { ApprovalId, ApprovalList, type ApprovalSummary, ApprovalView } from '@baton/contracts';
import { NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { shortApproval } from './run-shapes.js';
import { getRun } from './watch-run.js';

const PAGE = 200;

/** Open approvals, longest waiting first. */
export async function openApprovals(
  gateway: Gateway,
  signal: AbortSignal,
  limit = Number.POSITIVE_INFINITY,
): Promise<{ readonly approvals: readonly ApprovalSummary[]; readonly hasMore: boolean }> {
  const approvals: ApprovalSummary[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE, limit - approvals.length)) });
    if (cursor !== null) query.set('cursor', cursor);
    const page: ApprovalList = await gateway.get({ path: `/v1/approvals?${query}`, schema: ApprovalList, signal });
    approvals.push(...page.approvals);
    cursor = page.next;
  } while (cursor !== null && approvals.length < limit);
  return { approvals, hasMore: cursor !== null };
}

const get = (gateway: Gateway, approvalId: string, signal: AbortSignal): Promise<ApprovalView> =>
  gateway.get({ path: `/v1/approvals/${encodeURIComponent(approvalId)}`, schema: ApprovalView, signal });

/**
 * An approval by its id `<run>-<n>`; of an open one the unique beginning is enough, of any the beginning of the run and
 * the number. The run alone stands for its one open approval.
 *
 * @throws NotFound, UsageError when several are meant, GatewayRefused
 */
export async function findApproval(gateway: Gateway, given: string, signal: AbortSignal): Promise<ApprovalView> {
  const word = given.toLowerCase();
  if (ApprovalId.safeParse(word).success) return get(gateway, word, signal);
  const { approvals } = await openApprovals(gateway, signal);
  const meant = approvals.filter(({ approvalId }) => isMeant(approvalId, word));
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return get(gateway, only.approvalId, signal);
  if (only !== undefined) {
    const list = meant.slice(0, 5).map(({ approvalId }) => shortApproval(approvalId));
    throw new UsageError(
      `More than one open approval begins with ${given}: ${list.join(', ')}.`,
      'Give more of the id.',
    );
  }
  const [, run, ordinal] = NUMBERED.exec(word) ?? [];
  const { runId } = await getRun(gateway, run ?? word, signal);
  if (ordinal !== undefined) return get(gateway, `${runId}-${ordinal}`, signal);
  throw new NotFound(`Run ${runId} waits for no approval.`, 'List what is open with `baton approval list`.');
}

const NUMBERED = /^(.+)-([1-9]\d*)$/;

function isMeant(approvalId: string, word: string): boolean {
  if (approvalId.startsWith(word)) return true;
  const [, run = '', ordinal = ''] = NUMBERED.exec(word) ?? [];
  return run !== '' && approvalId.startsWith(run) && approvalId.endsWith(`-${ordinal}`);
}
