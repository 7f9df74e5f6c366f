import { assertNever, type RunResult, type RunView } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';
import { requireRun } from './find-run.js';

/** What a run came to. @throws ProblemError 404, or 409 while it has not ended */
export async function runResult(pool: Pool, idOrPrefix: string): Promise<RunResult> {
  const run = await requireRun(pool, idOrPrefix);
  const { runId, status, error, cause } = run;
  switch (status) {
    case 'accepted':
    case 'running':
    case 'paused':
      throw notFinished(run);
    case 'failed':
    case 'cancelled':
      return { runId, status, output: null, error, cause };
    case 'succeeded':
      return { runId, status, output: await outputOf(pool, run), error, cause };
    default:
      return assertNever(status);
  }
}

/** The output stands in the run's last event, and nowhere else. */
async function outputOf(pool: Pool, { runId, version }: RunView): Promise<RunResult['output']> {
  const [last] = await readStream(pool, runId, { fromVersion: version, toVersion: version });
  const event = last === undefined ? undefined : readEvent(last);
  if (event?.type !== 'RunSucceeded')
    throw new Error(`run ${runId} succeeded, but its event ${version} does not say so`);
  return event.data.output;
}

const notFinished = ({ runId, status }: RunView): ProblemError =>
  new ProblemError(`Run ${runId} is not finished: it is ${status}.`, {
    status: 409,
    code: 'run-not-finished',
    next: `Follow GET /v1/runs/${runId}/events with Accept: text/event-stream until its end event.`,
    headers: { 'retry-after': '1' },
  });
