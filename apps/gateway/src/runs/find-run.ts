import type { RunId, RunView } from '@baton/contracts';
import { findRun, getRun } from '@baton/read-model';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';
import { rejectionOf } from './rejection.js';

/** The id that a full id or a unique prefix stands for. @throws ProblemError 404, or 409 when several begin so */
export async function requireRunId(pool: Pool, idOrPrefix: string): Promise<RunId> {
  const found = await findRun(pool, idOrPrefix);
  switch (found.status) {
    case 'found':
      return found.runId;
    case 'not-found':
      throw await notFound(pool, idOrPrefix);
    case 'ambiguous':
      throw new ProblemError(`More than one run begins with ${idOrPrefix}: ${found.runIds.join(', ')}.`, {
        status: 409,
        code: 'run-id-ambiguous',
        next: 'Give more of the id.',
      });
  }
}

/** The run as it is now. @throws as requireRunId */
export async function requireRun(pool: Pool, idOrPrefix: string): Promise<RunView> {
  const run = await getRun(pool, await requireRunId(pool, idOrPrefix));
  if (run === null) throw await notFound(pool, idOrPrefix);
  return run;
}

async function notFound(pool: Pool, id: string): Promise<ProblemError> {
  const reason = await rejectionOf(pool, id);
  if (reason !== null) {
    return new ProblemError(`There is no run ${id}: its submission was put aside. ${reason}`, {
      status: 404,
      code: 'run-rejected',
      next: 'GET /v1/dead-letters has the whole message. Correct the cause and submit again.',
    });
  }
  return new ProblemError(`There is no run ${id.slice(0, 64)}.`, {
    status: 404,
    code: 'run-not-found',
    next: 'GET /v1/runs lists the runs there are.',
  });
}
