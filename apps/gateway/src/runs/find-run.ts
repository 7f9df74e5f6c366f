import type { RunId, RunView } from '@baton/contracts';
import { findRun, getRun } from '@baton/read-model';
import type { Pool } from 'pg';
import { runScopeOf } from '../auth/caller.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';
import { rejectionOf } from './rejection.js';

/** The database, and who asks: a run that the caller has nothing to do with is not there. */
export type Asked = Pick<GatewayParts, 'pool' | 'caller'>;

/** The id that a full id or a unique prefix stands for. @throws ProblemError 404, or 409 when several begin so */
export async function requireRunId({ pool, caller }: Asked, idOrPrefix: string): Promise<RunId> {
  const scope = runScopeOf(caller());
  const found = await findRun(pool, idOrPrefix, scope);
  switch (found.status) {
    case 'found':
      return found.runId;
    case 'not-found':
      throw scope === null ? await notFound(pool, idOrPrefix) : unknownRun(idOrPrefix);
    case 'ambiguous':
      throw new ProblemError(`More than one run begins with ${idOrPrefix}: ${found.runIds.join(', ')}.`, {
        status: 409,
        code: 'run-id-ambiguous',
        next: 'Give more of the id.',
      });
  }
}

/** The run as it is now. @throws as requireRunId */
export async function requireRun(asked: Asked, idOrPrefix: string): Promise<RunView> {
  const run = await getRun(asked.pool, await requireRunId(asked, idOrPrefix));
  if (run === null) throw unknownRun(idOrPrefix);
  return run;
}

const unknownRun = (id: string): ProblemError =>
  new ProblemError(`There is no run ${id.slice(0, 64)}.`, {
    status: 404,
    code: 'run-not-found',
    next: 'GET /v1/runs lists the runs there are.',
  });

async function notFound(pool: Pool, id: string): Promise<ProblemError> {
  const reason = await rejectionOf(pool, id);
  if (reason !== null) {
    return new ProblemError(`There is no run ${id}: its submission was put aside. ${reason}`, {
      status: 404,
      code: 'run-rejected',
      next: 'GET /v1/dead-letters has the whole message. Correct the cause and submit again.',
    });
  }
  return unknownRun(id);
}
