import type { RunId, RunStateView } from '@baton/contracts';
import { readFactsOfState } from '@baton/event-store';
import { readModel } from '@baton/read-model';
import { initialState, type RunState, readEvent, rebuild, stateToJson } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import { wholeNumber } from '../http/parameters.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { PersonalWish } from '../http/queries.js';
import type { GatewayParts } from '../parts/parts.js';
import { openedFor } from '../personal/opened.js';
import { type Asked, requireRunId } from './find-run.js';

export const RunStateQuery = z.strictObject({
  at: wholeNumber(/^\d{1,9}$/, 'must be a number of events').optional(),
  personal: PersonalWish,
});

/** The state after the first `at` events, all of them by default: folded from the log, and from nothing else. */
export async function runState(
  asked: Asked & Pick<GatewayParts, 'sealer'>,
  idOrPrefix: string,
  query: unknown,
): Promise<RunStateView> {
  const parameters = parseParameters(RunStateQuery, query);
  const { pool } = asked;
  const runId = await requireRunId(asked, idOrPrefix);
  const of = await eventsOf(pool, runId);
  const at = parameters.at ?? of;
  if (at > of) {
    throw new ProblemError(`Run ${runId} has ${of} events, not ${at}.`, {
      status: 400,
      code: 'invalid-parameter',
      next: `Give at a number from 0 to ${of}, or leave it out.`,
      errors: [{ pointer: 'at', detail: `must be at most ${of}` }],
    });
  }
  const state = stateToJson(at === 0 ? initialState : await stateAt(pool, runId, at));
  return openedFor(asked, runId, parameters.personal, { runId, at, of, state });
}

/** How many events a run has; none where the hub has not begun it. */
async function eventsOf(pool: Pool, runId: RunId): Promise<number> {
  const query = readModel(pool).selectFrom('stream').select('version').where('run_id', '=', runId);
  return (await query.executeTakeFirst())?.version ?? 0;
}

/** From the newest event that holds the whole state: a long run is not read from its beginning. */
export async function stateAt(pool: Pool, runId: RunId, at: number): Promise<RunState> {
  return rebuild((await readFactsOfState(pool, runId, at)).map(readEvent));
}
