import {
  type ForkRun,
  ForkRun as ForkShape,
  NewRequestId,
  type RunAccepted,
  type RunView,
  runIdBeside,
} from '@baton/contracts';
import { blankView } from '@baton/read-model';
import { refuseOutsideScope } from '../auth/caller.js';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { requestIdOf } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { askHub } from './ask-hub.js';
import { requireRun } from './find-run.js';
import { refuseWrongChanges } from './fork-changes.js';
import { refuseElsewhere } from './refuse-elsewhere.js';
import { refuseForkOfGoal } from './refuse-goal.js';
import { notStarted } from './steer-run.js';
import { refuseTakenRunId } from './submit-run.js';

/** Body of `POST /v1/runs/{id}/fork`. */
export const ForkRunBody = ForkShape.pick({ at: true, forkId: true, labels: true, set: true, input: true })
  .extend({ requestId: NewRequestId.optional() })
  .strict();

/**
 * Takes a fork: a new run with the state that this one had after its event `at`. The new run is shown from now on.
 *
 * @throws ProblemError 403 where it is not for the caller, 404, 421 where the id belongs in another log, 409 when the run has not begun or the new id is taken, 422 when
 *   there is no such event, or 429 while too much waits
 */
export async function forkRun(
  parts: GatewayParts,
  idOrPrefix: string,
  rawBody: unknown,
  idempotencyKey: string | undefined,
): Promise<RunAccepted> {
  const { requestId: inBody, forkId, at, labels, set, input } = parseBody(ForkRunBody, rawBody ?? {});
  const requestId = requestIdOf(idempotencyKey, inBody) ?? parts.newId();
  const run = await requireRun(parts, idOrPrefix);
  refuseOutsideScope(parts.caller(), { workflow: run.workflow, labels });
  refuseForkOfGoal(parts, run.workflow, { set, input });
  const runId = forkId ?? runIdBeside(requestId, run.runId);
  refuseElsewhere(parts.shard, runId, '/forkId');
  return askHub(parts, {
    name: 'fork',
    requestId,
    runId: run.runId,
    asked: { at, forkId: runId, labels, set, input },
    begins: {
      runId,
      view: forkView(
        run,
        { runId, at, labels, submittedBy: parts.caller().actor },
        new Date(parts.nowMs()).toISOString(),
      ),
    },
    check: async () => {
      parts.backlog.refuseWhenFull();
      if (run.version === 0) throw notStarted(run);
      if (at > run.version) throw noSuchEvent(run, at);
      await refuseWrongChanges(parts, run.runId, { at, set, input });
      await refuseTakenRunId(parts, runId, '/forkId');
    },
  });
}

const noSuchEvent = ({ runId, version }: RunView, at: number): ProblemError =>
  new ProblemError(`Run ${runId} has ${version} events, and none with the number ${at}.`, {
    status: 422,
    code: 'no-such-event',
    next: `Give at a number from 1 to ${version}; GET /v1/runs/${runId}/events has them.`,
    errors: [{ pointer: '/at', detail: `must be at most ${version}` }],
  });

/** What is shown of the fork until the hub begins it. */
const forkView = (
  { runId, workflow, workflowVersion }: RunView,
  fork: Pick<RunView, 'runId' | 'submittedBy'> & Pick<ForkRun, 'at' | 'labels'>,
  acceptedAt: string,
): RunView => ({
  ...blankView,
  runId: fork.runId,
  workflow,
  workflowVersion,
  status: 'accepted',
  version: 0,
  forkedFrom: { runId, version: fork.at },
  labels: { ...fork.labels },
  submittedBy: fork.submittedBy,
  startedAt: acceptedAt,
});
