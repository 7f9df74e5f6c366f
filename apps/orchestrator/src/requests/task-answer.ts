import {
  AnswerTask,
  type CommandId,
  cutTaskTokens,
  type JsonObject,
  readTaskToken,
  TerminalError,
} from '@baton/contracts';
import { type TokenStanding, taskByToken } from '@baton/event-store';
import type { RunOrder } from '@baton/workflow';
import type { Pool } from 'pg';
import type { HubMessage } from '../hub/message.js';
import { actorOf } from './submission.js';

const ANSWER_TASK = 'answer-task';

/**
 * An answer to a task by its token, as a message of the hub. Whoever comes by the queue shows the token; the gateway has looked at
 * it, and names the command alone, so that the token lies in no table.
 *
 * @throws TerminalError `invalid-token`, `task-does-not-exist`
 */
export async function readTaskAnswer(
  message: unknown,
  accepted: JsonObject | null,
  { pool }: { readonly pool: Pool },
): Promise<HubMessage> {
  const answer = AnswerTask.parse(message);
  if (answer.answer === 'heartbeat') {
    throw new TerminalError('A sign of life of a task is not signed: its token says enough.', {
      code: 'invalid-request',
      next: `Send it as the job ${ANSWER_TASK}.`,
    });
  }
  // One that is closed is told from a repetition by whoever looks why nothing happened.
  const commandId = vouchedFor(answer, accepted) ?? (await shown(answer.token, pool, false)).commandId;
  const { requestId } = answer;
  return {
    runId: runIdOf(commandId),
    order: orderOf(answer, commandId),
    actor: actorOf(answer, accepted),
    causationId: requestId,
    requestId,
  };
}

/**
 * A task gives a sign of life by its token. There is nothing to decide.
 *
 * @returns whether it was one
 * @throws TerminalError as above, and `task-timed-out`
 */
export async function tookSignOfLife(
  { name, message }: { readonly name: string; readonly message: unknown },
  pool: Pool,
): Promise<boolean> {
  if (name !== ANSWER_TASK) return false;
  const read = AnswerTask.safeParse(message);
  if (!read.success || read.data.answer !== 'heartbeat') return false;
  const { standing } = await shown(read.data.token, pool, true);
  if (standing === 'closed') throw tokenRefused(standing);
  return true;
}

/** A producer that signs is believed who it is, and no more. */
const vouchedFor = ({ commandId }: AnswerTask, accepted: JsonObject | null): CommandId | null =>
  commandId !== undefined && accepted?.commandId === commandId ? commandId : null;

async function shown(
  token: string | undefined,
  pool: Pool,
  beats: boolean,
): Promise<{ readonly commandId: CommandId; readonly standing: 'open' | 'closed' }> {
  const read = token === undefined ? null : readTaskToken(token);
  if (read === null) throw tokenRefused('wrong');
  const standing = await taskByToken(pool, read, { beats });
  if (standing === 'wrong' || standing === 'unknown') throw tokenRefused(standing);
  return { commandId: read.commandId, standing };
}

const runIdOf = (commandId: CommandId): string => commandId.slice(0, commandId.lastIndexOf('-'));

function orderOf({ answer, output = null, error, cause = '', requestId }: AnswerTask, commandId: CommandId): RunOrder {
  if (answer === 'success') return { type: 'CompleteTask', commandId, output, byToken: requestId };
  const told = { error: cutTaskTokens(error ?? 'States.TaskFailed'), cause: cutTaskTokens(cause) };
  return { type: 'FailTask', commandId, ...told, retryable: true, byToken: requestId };
}

const REFUSALS = {
  wrong: ['invalid-token', 'This is not the token of a task.', 'Send the token as the task came with it, whole.'],
  unknown: [
    'task-does-not-exist',
    'There is no task of this token.',
    'Its run is no longer there, and waits for nothing.',
  ],
  closed: [
    'task-timed-out',
    'The task of this token waits for no answer: it was answered, its time was up, or its run goes on without it.',
    'A task that is tried again has another token.',
  ],
} as const;

export function tokenRefused(standing: Exclude<TokenStanding, 'open'>): TerminalError {
  const [code, detail, next] = REFUSALS[standing];
  return new TerminalError(detail, { code, next });
}
