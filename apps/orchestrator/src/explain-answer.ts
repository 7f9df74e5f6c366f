import { RetryableError, TerminalError } from '@baton/contracts';
import { findRequest, newestCarry, readStream } from '@baton/event-store';
import { explainAnswer, rebuild, upcast } from '@baton/workflow';
import type { Pool } from 'pg';
import type { HubMessage } from './hub/message.js';

/**
 * What it means that an answer to an approval had no effect: null where it had one before, by whatever way it came, or
 * where the request is no answer.
 *
 * @returns a RetryableError `unknown-run` where its run has no event yet
 */
export async function refusedAnswer(pool: Pool, message: HubMessage): Promise<TerminalError | RetryableError | null> {
  const { runId, command, actor, requestId = '' } = message;
  if (command.type !== 'DecideApproval' || (await findRequest(pool, requestId)) !== null) return null;
  const stored = await readStream(pool, runId, { fromVersion: await newestCarry(pool, runId) });
  if (stored.length === 0) {
    return new RetryableError(`There is no run ${runId}.`, { code: 'unknown-run', retryAfterMs: 1_000 });
  }
  const state = rebuild(stored.map((event) => upcast(event.type, event.schemaVersion, JSON.parse(event.dataText))));
  const found = explainAnswer(state, command, actor);
  if (found === null) return null;
  return new TerminalError(found.reason, {
    code: found.code,
    next: `GET /v1/approvals/${command.approvalId} shows how it stands, and who may answer.`,
  });
}
