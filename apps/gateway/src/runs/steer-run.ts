import {
  assertNever,
  NewRequestId,
  PauseRun,
  type RunAccepted,
  type RunStatus,
  type RunView,
  SignalRun,
} from '@baton/contracts';
import { z } from 'zod';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { requestIdOf } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { askHub } from './ask-hub.js';
import { requireRun } from './find-run.js';

const requestId = NewRequestId.optional();
const WithReason = z.strictObject({ requestId, reason: PauseRun.shape.reason });
const { name, data } = SignalRun.shape;

/** One way to change a run that exists. */
export interface Steering {
  /** Of the job on `intake`. */
  readonly name: 'cancel' | 'pause' | 'resume' | 'retry' | 'signal';
  readonly body: z.ZodObject<{ requestId: typeof requestId }>;
  /** The runs it can be asked for. */
  readonly from: readonly RunStatus[];
  /** What is said of a run that is otherwise: it `is not …`. */
  readonly otherwise: { readonly code: string; readonly says: string; readonly next: string };
}

const outcome = 'GET /v1/runs/{id}/result has the outcome.';

export const STEERINGS = {
  cancel: {
    name: 'cancel',
    body: WithReason,
    from: ['accepted', 'running', 'paused'],
    otherwise: { code: 'run-ended', says: 'Nothing is left to cancel', next: outcome },
  },
  pause: {
    name: 'pause',
    body: WithReason,
    from: ['running'],
    otherwise: { code: 'run-not-running', says: 'Only a run that is running can be paused', next: outcome },
  },
  resume: {
    name: 'resume',
    body: z.strictObject({ requestId }),
    from: ['paused'],
    otherwise: {
      code: 'run-not-paused',
      says: 'Only a run that is paused can be resumed',
      next: 'A run that failed is taken up with POST /v1/runs/{id}/retry.',
    },
  },
  retry: {
    name: 'retry',
    body: WithReason,
    from: ['failed'],
    otherwise: {
      code: 'run-not-failed',
      says: 'Only a run that has failed can be retried',
      next: 'POST /v1/runs/{id}/fork begins a new run with the state that this one had after any of its events.',
    },
  },
  signal: {
    name: 'signal',
    body: z.strictObject({ requestId, name, data }),
    from: ['running', 'paused'],
    otherwise: { code: 'run-ended', says: 'Nobody is left to take the signal', next: outcome },
  },
} as const satisfies Record<string, Steering>;

/**
 * Takes the request to change a run, as durable as a submission. It has its effect when the hub has taken it.
 *
 * @throws ProblemError 404, 409 when the run is not in a state for it, 422
 */
export async function steerRun(
  parts: GatewayParts,
  steering: Steering,
  idOrPrefix: string,
  rawBody: unknown,
  idempotencyKey: string | undefined,
): Promise<RunAccepted> {
  const { requestId: inBody, ...asked } = parseBody(steering.body, rawBody ?? {});
  const run = await requireRun(parts, idOrPrefix);
  return askHub(parts, {
    name: steering.name,
    requestId: requestIdOf(idempotencyKey, inBody) ?? parts.newId(),
    runId: run.runId,
    asked,
    check: () => refuseUnless(run, steering),
  });
}

function refuseUnless(run: RunView, { from, otherwise }: Steering): void {
  const { runId, status } = run;
  if (from.includes(status)) return;
  if (status === 'accepted') throw notStarted(run);
  throw new ProblemError(`${otherwise.says}; run ${runId} ${standing(status)}.`, {
    status: 409,
    code: otherwise.code,
    next: otherwise.next.replace('{id}', runId),
  });
}

/** The hub would find nothing to change, and begin the run afterwards. */
export const notStarted = ({ runId }: RunView): ProblemError =>
  new ProblemError(`Run ${runId} has not begun yet.`, {
    status: 409,
    code: 'run-not-started',
    next: 'Try again in a moment.',
    headers: { 'retry-after': '1' },
  });

const standing = (status: RunStatus): string => {
  switch (status) {
    case 'accepted':
      return 'has not begun';
    case 'running':
    case 'paused':
      return `is ${status}`;
    case 'cancelled':
      return 'was cancelled';
    case 'succeeded':
    case 'failed':
      return `has ${status}`;
    default:
      return assertNever(status);
  }
};
