import { type ApprovalSummary, type CommandId, commandIdOf, type RunId } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { readModel } from '../database.js';
import { loadFolds } from '../projection/fold-store.js';
import { boundTo, titleOf } from '../run-view/question.js';
import type { RunFold } from '../run-view/run-fold.js';
import { type Answering, answerableIn } from './answerable.js';
import { askedIn } from './asked-in.js';
import { foldOn } from './get-run.js';
import { type RunScope, runsInScope } from './run-scope.js';

interface OfRuns {
  readonly runId?: RunId | undefined;
  /** Those that whoever asks has to do with. */
  readonly scope?: RunScope | null;
  /** Those alone whose answer may come from here, and has not come; none where it is null. */
  readonly answering?: Answering | null | undefined;
}

export interface ApprovalPage {
  readonly approvals: readonly ApprovalSummary[];
  /** Where the next page begins; null on the last one. */
  readonly next: number | null;
}

/**
 * Open questions, longest waiting first, by the rows of the command table: it holds just what is open.
 *
 * @param limit at least 1
 * @param after `next` of the page before
 */
export async function listApprovals(pool: Pool, filter: OfRuns, limit: number, after = 0): Promise<ApprovalPage> {
  if (filter.answering === null) return { approvals: [], next: null };
  const { open, lookedTo } = await openQuestions(pool, filter, after, limit + 1);
  const page = open.slice(0, limit);
  const runIds = [...new Set(page.map(({ run_id }) => run_id))];
  const ofRuns = await Promise.all(
    runIds.map((runId) => {
      const ids = page.filter(({ run_id }) => run_id === runId).map(({ command_id }) => command_id);
      return summaries(pool, runId, ids);
    }),
  );
  const found = new Map(ofRuns.flat().map((approval) => [approval.approvalId, approval]));
  const last = page.at(-1);
  return {
    // One that was answered between the reads is left out.
    approvals: page.flatMap(({ command_id }) => found.get(command_id) ?? []),
    next: open.length > limit && last !== undefined ? last.seq : lookedTo,
  };
}

interface Question {
  readonly seq: number;
  readonly command_id: string;
  readonly run_id: string;
}

/** How far one request looks for questions that are for whoever asks, among those that are for others. */
const MOST_LOOKED_AT = 1_000;

/** `lookedTo`: behind this one there may be more; null where there are not, or as many were found as were asked for. */
async function openQuestions(
  pool: Pool,
  filter: OfRuns,
  after: number,
  limit: number,
): Promise<{ readonly open: readonly Question[]; readonly lookedTo: number | null }> {
  const { answering } = filter;
  if (answering == null) return { open: await questionsAfter(pool, filter, after, limit), lookedTo: null };
  const questions = await questionsAfter(pool, filter, after, MOST_LOOKED_AT);
  const theirs = await answerableIn(pool, [...new Set(questions.map(({ run_id }) => run_id))], answering);
  const open = questions.filter(({ command_id }) => theirs.has(command_id)).slice(0, limit);
  const isAll = open.length === limit || questions.length < MOST_LOOKED_AT;
  return { open, lookedTo: isAll ? null : (questions.at(-1)?.seq ?? null) };
}

async function questionsAfter(
  pool: Pool,
  { runId, scope = null }: OfRuns,
  after: number,
  limit: number,
): Promise<readonly Question[]> {
  let query = readModel(pool).selectFrom('command').select(['seq', 'command_id', 'run_id']);
  if (runId !== undefined) query = query.where('run_id', '=', runId);
  if (scope !== null) query = query.where('run_id', 'in', runsInScope(pool, scope));
  return query.where('name', '=', 'approval').where('seq', '>', after).orderBy('seq').limit(limit).execute();
}

async function summaries(pool: Pool, runId: RunId, ids: readonly CommandId[]): Promise<readonly ApprovalSummary[]> {
  const fold = await foldOn(pool, runId, (await loadFolds(pool, [runId])).get(runId) ?? null);
  if (fold === null) return [];
  const asked = await askedIn(pool, runId, ids);
  const each = await Promise.all([...asked.values()].map((version) => summary(pool, fold, version)));
  return each.filter((approval) => approval !== null);
}

async function summary(pool: Pool, fold: RunFold, version: number): Promise<ApprovalSummary | null> {
  const { runId, workflow, workflowVersion } = fold.facts;
  const [stored] = await readStream(pool, runId, { fromVersion: version, toVersion: version });
  const event = stored === undefined ? null : readEvent(stored);
  if (stored === undefined || event?.type !== 'TaskScheduled') return null;
  const { commandId: approvalId, visit, arguments: question, deadline } = event.data;
  const asks = fold.open.get(visit);
  if (asks?.wait == null || approvalId !== commandIdOf(runId, asks.wait.ordinal)) return null;
  return {
    approvalId,
    runId,
    workflow,
    workflowVersion,
    state: asks.state,
    title: titleOf(question),
    since: stored.recordedAt,
    dueAt: deadline,
    status: 'open',
    sha256: boundTo(event.data),
  };
}
