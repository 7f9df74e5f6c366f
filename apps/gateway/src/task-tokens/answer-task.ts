import { createHash } from 'node:crypto';
import {
  type AnswerTask,
  type ReadTaskToken,
  type RunAccepted,
  readTaskToken,
  TaskToken,
  TaskTokenAnswer,
} from '@baton/contracts';
import { type TokenStanding, taskByToken } from '@baton/event-store';
import { z } from 'zod';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { requestIdOf } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { askHub } from '../runs/ask-hub.js';
import { requireRun } from '../runs/find-run.js';
import { recallRequest } from '../runs/remember-request.js';

// Whatever it looks like: what is none is told so, and not how one is written.
const token = z.string().min(1).max(2048);
const { output, error, cause } = TaskTokenAnswer.shape;

/** Bodies of `POST /v1/task-tokens/…`. The token is in the body, since addresses stand in logs. */
export const TaskSuccessBody = z.strictObject({ token, output });
export const TaskFailureBody = z.strictObject({ token, error, cause });
export const TaskHeartbeatBody = z.strictObject({ token });

const REFUSALS = {
  wrong: [400, 'invalid-token', 'This is not the token of a task.', 'Send the token as the task came with it, whole.'],
  unknown: [404, 'task-does-not-exist', 'There is no task of this token.', 'GET /v1/runs lists the runs there are.'],
  closed: [
    409,
    'task-timed-out',
    'The task of this token waits for no answer: it was answered, its time was up, or its run goes on without it.',
    'A task that is tried again has another token.',
  ],
} as const;

function refused(standing: Exclude<TokenStanding, 'open'>): ProblemError {
  const [status, code, detail, next] = REFUSALS[standing];
  return new ProblemError(detail, { status, code, next });
}

/** Whose token it is, and how that task stands. @throws ProblemError 400, 404 also where the run is not there for the caller */
async function look(
  parts: GatewayParts,
  text: string,
  beats: boolean,
): Promise<{ readonly read: ReadTaskToken; readonly standing: 'closed' | 'open' }> {
  const read = TaskToken.safeParse(text).success ? readTaskToken(text) : null;
  const standing = read === null ? 'wrong' : await taskByToken(parts.pool, read, { beats: false });
  if (read === null || standing === 'wrong' || standing === 'unknown')
    throw refused(standing === 'unknown' ? standing : 'wrong');
  await requireRun(parts, read.runId).catch((thrown: unknown) => {
    throw thrown instanceof ProblemError && thrown.status === 404 ? refused('unknown') : thrown;
  });
  if (beats && standing === 'open') await taskByToken(parts.pool, read, { beats });
  return { read, standing };
}

type Answer = Pick<AnswerTask, 'output' | 'error' | 'cause'>;

/**
 * Takes an answer to a task, as durable as a submission. The first one counts. What is stored names the task, and nothing of the
 * token but a hash.
 *
 * @param idempotencyKey with one, whichever it is, the same answer may be sent again and is taken for the same
 * @throws ProblemError 400 `invalid-token`, 404 `task-does-not-exist`, 409 `task-timed-out`, 422
 */
export async function answerTask(
  parts: GatewayParts,
  answer: 'success' | 'failure',
  rawBody: unknown,
  idempotencyKey: string | undefined,
): Promise<RunAccepted> {
  const { token: text, ...said }: { token: string } & Answer =
    answer === 'success' ? parseBody(TaskSuccessBody, rawBody) : parseBody(TaskFailureBody, rawBody);
  const { read, standing } = await look(parts, text, false);
  const { runId, commandId } = read;
  // Nobody can take the place of an answer who does not have the token.
  const requestId = `task-token-${createHash('sha256').update(text).digest('hex')}`;
  const asked = { answer, commandId, ...said };
  const isRepetition = requestIdOf(idempotencyKey, undefined) !== null;
  if (!isRepetition && (standing === 'closed' || (await isAnswered(parts, requestId, runId)))) throw refused('closed');
  const request = { name: 'answer-task', requestId, runId, asked };
  const check = (): void => {
    if (standing === 'closed') throw refused('closed');
  };
  return askHub(parts, { ...request, check }).catch((thrown: unknown) => {
    // The other request with this id is another answer.
    throw thrown instanceof ProblemError && thrown.code === 'idempotency-conflict' ? refused('closed') : thrown;
  });
}

/** Whether an answer lies there that the hub has not come to. */
const isAnswered = async ({ pool }: GatewayParts, requestId: string, runId: string): Promise<boolean> =>
  (await recallRequest(pool, { requestId, runId, sha256: '' })) !== null;

/** @throws ProblemError as `answerTask` */
export async function taskGoesOn(parts: GatewayParts, rawBody: unknown): Promise<void> {
  const { standing } = await look(parts, parseBody(TaskHeartbeatBody, rawBody).token, true);
  if (standing === 'closed') throw refused('closed');
}
