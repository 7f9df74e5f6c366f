import { RetryableError, type RunId, TerminalError } from '@baton/contracts';
import { findRequest } from '@baton/event-store';
import { explainAnswer, rebuild } from '@baton/workflow';
import type { Pool } from 'pg';
import type { HubMessage } from '../hub/message.js';
import { readRun } from '../read-run.js';
import { tokenRefused } from './task-answer.js';

const LOOK_AGAIN_MS = 1_000;

/** A request about a run that has no event: it may be about to begin. */
export const unknownRun = (runId: RunId): RetryableError =>
  new RetryableError(`There is no run ${runId}.`, { code: 'unknown-run', retryAfterMs: LOOK_AGAIN_MS });

export const isUnknownRun = (thrown: unknown): thrown is RetryableError =>
  thrown instanceof RetryableError && thrown.code === 'unknown-run';

/**
 * What it means that a request about a run had no effect: null where it had one before, by whatever way it came, or where
 * nothing is left to be done.
 *
 * @returns a RetryableError `unknown-run` where the run has no event yet
 */
export async function explainRefusal(pool: Pool, message: HubMessage): Promise<TerminalError | RetryableError | null> {
  const { runId, order, actor, requestId = '' } = message;
  if ((await findRequest(pool, requestId)) !== null) return null;
  const { events } = await readRun(pool, runId);
  if (events.length === 0) return unknownRun(runId);
  if ((order.type === 'CompleteTask' || order.type === 'FailTask') && order.byToken !== undefined)
    return tokenRefused('closed');
  if (order.type !== 'DecideApproval' && order.type !== 'SignalRun') return null;
  const state = rebuild(events);
  if (order.type === 'SignalRun') return state.status === 'running' ? noRoom(runId, order.name) : null;
  const found = explainAnswer(state, order, actor);
  if (found === null) return null;
  return new TerminalError(found.reason, {
    code: found.code,
    next: `GET /v1/approvals/${order.approvalId} shows how it stands, and who may answer.`,
  });
}

const noRoom = (runId: RunId, name: string): TerminalError =>
  new TerminalError(`Run ${runId} keeps as many signals as it may, and none of its states waits for ${name}.`, {
    code: 'too-many-signals',
    next: 'Send it again once the run has taken some of those it keeps.',
  });
