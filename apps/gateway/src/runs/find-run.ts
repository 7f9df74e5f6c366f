import { Actor, type RunId, type RunView } from '@baton/contracts';
import { type ArchivedRun, findArchivedRuns } from '@baton/event-store';
import { findRun, getRun, isInScope, type RunLookup, type RunScope } from '@baton/read-model';
import type { Pool } from 'pg';
import { runScopeOf } from '../auth/caller.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';
import { rejectionOf } from './rejection.js';

/** The database, and who asks: a run that the caller has nothing to do with is not there. */
export type Asked = Pick<GatewayParts, 'pool' | 'caller'> & {
  readonly archives: Pick<GatewayParts['archives'], 'readBack'>;
};

/** The id that a full id or a unique prefix stands for. @throws ProblemError 404, or 409 when several begin so */
export async function requireRunId({ pool, caller, archives }: Asked, idOrPrefix: string): Promise<RunId> {
  const scope = runScopeOf(caller());
  const found = await lookUp({ pool, archives }, idOrPrefix, scope);
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

const WHOLE_ID = 36;
const SEEN_CANDIDATES = 50;

/** In the log, and in the archives: a run that is in one of these and alone meant is brought back. */
async function lookUp(
  { pool, archives }: Omit<Asked, 'caller'>,
  idOrPrefix: string,
  scope: RunScope | null,
): Promise<RunLookup> {
  const found = await findRun(pool, idOrPrefix, scope);
  if (found.status === 'found' && idOrPrefix.length === WHOLE_ID) return found;
  const archived = (await findArchivedRuns(pool, idOrPrefix.toLowerCase(), SEEN_CANDIDATES)).filter(
    (run) => scope === null || isInScope(seenOf(run), scope),
  );
  const [first] = archived;
  // It may have come back between the two looks.
  if (first === undefined) return found.status === 'not-found' ? findRun(pool, idOrPrefix, scope) : found;
  const inLog = found.status === 'ambiguous' ? found.runIds : found.status === 'found' ? [found.runId] : [];
  const runIds = [...new Set([...inLog, ...archived.map(({ runId }) => runId)])];
  if (runIds.length > 1) return { status: 'ambiguous', runIds: runIds.slice(0, 5) };
  await archives.readBack(first.runId);
  return { status: 'found', runId: first.runId };
}

function seenOf({ workflow, labels, submittedBy }: ArchivedRun): Parameters<typeof isInScope>[0] {
  const colon = submittedBy.indexOf(':');
  const by = { type: submittedBy.slice(0, colon), id: submittedBy.slice(colon + 1) };
  return { workflow, labels: { ...labels }, submittedBy: Actor.parse(by) };
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
