import { assertNever, KnowledgeUse, type RunId, type RunResult, type RunView } from '@baton/contracts';
import { knowledgeOfRun, lastOutputWithFiles, readStream } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';
import { type Asked, requireRun } from './find-run.js';

/** What a run came to. @throws ProblemError 404, or 409 while it has not ended */
export async function runResult(asked: Asked, idOrPrefix: string): Promise<RunResult> {
  const { pool } = asked;
  const run = await requireRun(asked, idOrPrefix);
  const { runId, status, error, cause } = run;
  switch (status) {
    case 'accepted':
    case 'running':
    case 'paused':
      throw notFinished(run);
    case 'failed':
    case 'cancelled':
      return {
        runId,
        status,
        output: null,
        error,
        cause,
        unfinished: await lastOutputWithFiles(pool, runId),
        knowledge: await readBy(pool, runId),
      };
    case 'succeeded':
      return {
        runId,
        status,
        output: await outputOf(pool, run),
        error,
        cause,
        unfinished: null,
        knowledge: await readBy(pool, runId),
      };
    default:
      return assertNever(status);
  }
}

async function readBy(pool: Pool, runId: RunId): Promise<RunResult['knowledge']> {
  return (await knowledgeOfRun(pool, runId)).flatMap(({ state, knowledge }) => {
    // A worker of a user may say something else.
    const { data } = KnowledgeUse.safeParse(knowledge);
    return data === undefined ? [] : [{ state, ...data }];
  });
}

const PAGE = 20;

/** The output stands in the event that ended the run, and nowhere else. Only advice in shadow can have come after it. */
async function outputOf(pool: Pool, { runId, version }: RunView): Promise<RunResult['output']> {
  for (let toVersion = version; toVersion > 0; toVersion -= PAGE) {
    const page = await readStream(pool, runId, { fromVersion: Math.max(1, toVersion - PAGE + 1), toVersion });
    const end = page.findLast(({ type }) => type === 'RunSucceeded');
    const event = end === undefined ? undefined : readEvent(end);
    if (event?.type === 'RunSucceeded') return event.data.output;
  }
  throw new Error(`run ${runId} succeeded, but none of its ${version} events says so`);
}

const notFinished = ({ runId, status }: RunView): ProblemError =>
  new ProblemError(`Run ${runId} is not finished: it is ${status}.`, {
    status: 409,
    code: 'run-not-finished',
    next: `Follow GET /v1/runs/${runId}/events with Accept: text/event-stream until its end event.`,
    headers: { 'retry-after': '1' },
  });
