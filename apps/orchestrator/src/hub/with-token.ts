import { type JsonObject, withTaskToken } from '@baton/contracts';
import type { CommandRow, TaskTokenOf } from '@baton/event-store';

/**
 * A task as it is sent: with its token, where its state waits for that. Neither the log nor the table of commands holds it, so it is
 * made here each time. Of arguments that are in a blob the worker puts it in.
 */
export function withToken<T extends Pick<CommandRow, 'commandId' | 'message'>>(
  command: T,
  tokenOf: TaskTokenOf | undefined,
): T {
  const { commandId, message } = command;
  if (message.taskToken === undefined) return command;
  const { taskToken: _, ...task } = message;
  if (tokenOf === undefined) return { ...command, message: task };
  const token = tokenOf(commandId);
  const { arguments: given } = task;
  const filled: JsonObject = given === undefined ? {} : { arguments: withTaskToken(given, commandId, token) };
  return { ...command, message: { ...task, ...filled, taskToken: token } };
}
