import type { RunStateView } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { readEvent, rebuild, stateToJson } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { requireRunId } from './find-run.js';

const Query = z.strictObject({
  at: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number of events')
    .transform(Number)
    .optional(),
});

/** The state after the first `at` events, all of them by default: folded from the log, and from nothing else. */
export async function runState(pool: Pool, idOrPrefix: string, query: unknown): Promise<RunStateView> {
  const parameters = parseParameters(Query, query);
  const runId = await requireRunId(pool, idOrPrefix);
  const events = await readStream(pool, runId, {});
  const at = parameters.at ?? events.length;
  if (at > events.length) {
    throw new ProblemError(`Run ${runId} has ${events.length} events, not ${at}.`, {
      status: 400,
      code: 'invalid-parameter',
      next: `Give at a number from 0 to ${events.length}, or leave it out.`,
      errors: [{ pointer: 'at', detail: `must be at most ${events.length}` }],
    });
  }
  return { runId, at, of: events.length, state: stateToJson(rebuild(events.slice(0, at).map(readEvent))) };
}
