import { type CatalogEntry, describeNames, unknownWorkflow } from '@baton/catalog';
import { type JsonObject, NewRequestId, type RunAccepted, runIdOfRequest, SubmitRunBody } from '@baton/contracts';
import { acceptRequest, archivedAmong, findRequest, hashesIn, holdBlobs } from '@baton/event-store';
import { missingSubjects } from '@baton/personal-data';
import { findRun } from '@baton/read-model';
import { canonicalSha256 } from '@baton/workflow';
import { refuseOutsideScope } from '../auth/caller.js';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { currentTrace } from '../http/trace-requests.js';
import { refuseForeignWorkspace } from '../lineages/lineage-problems.js';
import { idempotencyConflict, requestIdOf } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { acceptedView } from './accepted-view.js';
import { checkAgents } from './check-agents.js';
import { checkBy } from './check-by.js';
import { refuseElsewhere } from './refuse-elsewhere.js';
import { refuseOwnCatalog, refuseUnapproved } from './refuse-goal.js';
import { recallRequest, rememberRequest } from './remember-request.js';
import { sendToIntake, toMessage } from './requests.js';
import { runBegun } from './run-of-request.js';
import { noticeOfBudget } from './small-budget.js';

/** Body of `POST /v1/runs`. A property that is not known is refused: it is a spelling mistake, and dropping it would be a silent one. */
export const SubmittedRun = SubmitRunBody.extend({ requestId: NewRequestId.optional() }).strict();
type SubmittedRun = ReturnType<typeof SubmittedRun.parse>;

/**
 * Takes a submission. It is durable when this resolves; what the queue does with it is no condition.
 *
 *   known id, same body ──▶ the same answer     known id, other body ──▶ 422
 *   new id ──▶ check workflow and input ──▶ write the id down ──▶ store in the inbox ──▶ send
 *
 * A crash between two of these steps leaves the rest to the repetition of the request, which goes the same way.
 *
 * @throws ProblemError 409, 413, 421 where it belongs in another log, 422, or 429 while too much waits
 */
export async function submitRun(
  parts: GatewayParts,
  rawBody: unknown,
  idempotencyKey: string | undefined,
): Promise<RunAccepted> {
  const body = parseBody(SubmittedRun, rawBody);
  refuseOwnCatalog(parts, body.workflow.split('@')[0] ?? '');
  const requestId = requestIdOf(idempotencyKey, body.requestId) ?? parts.newId();
  return takeSubmission(parts, { ...body, requestId }, { asked: { ...body, requestId: undefined } });
}

/** What whoever sent it asked for, by which a repetition is known, where the input holds more than that. */
interface Sameness {
  readonly asked: object;
  /** What of an input was asked for. */
  readonly likeness?: (input: JsonObject) => JsonObject;
}

/** As `submitRun`, what was read of a body. */
export async function takeSubmission(
  parts: GatewayParts,
  body: SubmittedRun & { readonly requestId: string },
  { asked, likeness = (input) => input }: Sameness,
): Promise<RunAccepted> {
  const { pool } = parts;
  const { requestId } = body;
  refuseOutsideScope(parts.caller(), { workflow: body.workflow.split('@')[0] ?? '', labels: body.labels });
  refuseUnapproved(parts, body.workflow.split('@')[0] ?? '', body.input);
  // A UUID may be written in capitals; the database and the ids made from it are not.
  const runId = body.runId?.toLowerCase() ?? runIdOfRequest(requestId, parts.shard.of);
  refuseElsewhere(parts.shard, runId, '/runId');
  const request = { requestId, runId, sha256: canonicalSha256(asked) };
  const answer: RunAccepted = { runId, requestId, status: 'accepted' };

  const known = await recallRequest(pool, request);
  if (known === 'other') throw idempotencyConflict(requestId);
  if (known === 'same' && (await findRequest(pool, requestId)) !== null) return answer;

  if (known === null) parts.backlog.refuseWhenFull();
  const entry = await requireWorkflow(parts, body);
  await checkAgents(parts, body.agents);
  checkBy(entry.document, body.by);
  await refuseForeignWorkspace(pool, body.input);
  const { actor } = parts.caller();
  const { name, version } = entry.document;
  if (known === null && (await isForgotten(parts, body, { requestId, runId, name, likeness }))) return answer;
  // The version is fixed here, since the input was checked against it.
  const message = toMessage({ ...body, requestId, runId, workflow: `${name}@${version}`, actor });
  const view = acceptedView(
    { runId, actor, labels: body.labels, mode: body.decisions?.mode },
    entry,
    new Date(parts.nowMs()).toISOString(),
  );
  // A workspace may have been uploaded long ago.
  await holdBlobs(pool, hashesIn(JSON.stringify(message)));
  const remembered = await rememberRequest(pool, { ...request, view });
  if (remembered === 'other') throw idempotencyConflict(requestId);

  const acceptance = await acceptRequest(pool, { requestId, name: 'submit', message, traceparent: currentTrace() });
  if (acceptance.status === 'already-processed') {
    // Written down only now and yet processed: a producer sent the same id straight to the queue.
    const isSame =
      remembered === 'same' ||
      (acceptance.runId === runId && (await runBegun(pool, runId, name, body.input, likeness)) === 'same');
    if (!isSame) throw idempotencyConflict(requestId);
    return answer;
  }
  await sendToIntake(parts, { requestId, name: 'submit', message, priority: parts.intakeShares.urgencyFor(actor) });
  const notice = await noticeOfBudget(pool, entry.document, body.budget);
  return notice === null ? answer : { ...answer, notice };
}

/**
 * Whether a request whose id is not known has its run all the same: requests are forgotten after some time, runs are not, and the
 * id of the one follows from that of the other. A run id that was chosen must not be taken at all.
 */
async function isForgotten(
  parts: GatewayParts,
  body: SubmittedRun,
  asked: {
    readonly requestId: string;
    readonly runId: string;
    readonly name: string;
    readonly likeness: (input: JsonObject) => JsonObject;
  },
): Promise<boolean> {
  const { requestId, runId, name, likeness } = asked;
  if (body.runId !== undefined) {
    await refuseTakenRunId(parts, runId, '/runId');
    return false;
  }
  // It may be in an archive, and nothing but its first event says what was asked for.
  await parts.archives.readBack(runId);
  const begun = await runBegun(parts.pool, runId, name, body.input, likeness);
  if (begun === 'other') throw idempotencyConflict(requestId);
  return begun === 'same';
}

/** The workflow that runs are to be of, where it would take them. @throws ProblemError 422 */
export async function requireWorkflow(
  { catalog }: Pick<GatewayParts, 'catalog'>,
  { workflow, input }: Pick<SubmittedRun, 'workflow' | 'input'>,
): Promise<CatalogEntry> {
  const entry = await catalog.find(workflow);
  if (entry === undefined) {
    throw new ProblemError(await unknownWorkflow(catalog, workflow), {
      status: 422,
      code: 'unknown-workflow',
      next: describeNames(await catalog.names()),
      errors: [{ pointer: '/workflow', detail: 'is not the name of a workflow' }],
    });
  }
  const findings = await catalog.checks.input(entry.document, input);
  if (findings.length > 0) {
    throw new ProblemError(`The input does not fit workflow ${workflow}.`, {
      status: 422,
      code: 'invalid-input',
      next: 'Correct what errors[] points at.',
      errors: findings.map(({ pointer, detail }) => ({ pointer: `/input${pointer}`, detail })),
    });
  }
  const unnamed = missingSubjects(entry.document.personal, input);
  if (unnamed.length > 0) {
    throw new ProblemError(`The input does not fit workflow ${workflow}.`, {
      status: 422,
      code: 'invalid-input',
      next: 'Correct what errors[] points at.',
      errors: unnamed.map((detail) => ({ pointer: '/input', detail })),
    });
  }
  return entry;
}

/** The hub would refuse it too, but only after the answer. Two at once are left to the hub. */
export async function refuseTakenRunId({ pool }: GatewayParts, runId: string, pointer: string): Promise<void> {
  const { status } = await findRun(pool, runId);
  if (status === 'not-found' && (await archivedAmong(pool, [runId])).length === 0) return;
  throw new ProblemError(`There is a run ${runId} already.`, {
    status: 409,
    code: 'run-exists',
    next: 'Choose another id, or leave it out.',
    errors: [{ pointer, detail: 'belongs to another run' }],
  });
}
