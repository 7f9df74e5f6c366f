import {
  BlobRef,
  type CommandId,
  Json,
  type RunId,
  type TaskFailed,
  type TaskSucceeded,
  TerminalError,
} from '@baton/contracts';
import type { HubMessage } from './hub/message.js';

interface Answer {
  readonly id: string;
  readonly runId: RunId;
  readonly commandId: CommandId;
}

const fromWorker = (answer: Answer): Pick<HubMessage, 'runId' | 'actor' | 'causationId'> => {
  if (!answer.commandId.startsWith(`${answer.runId}-`)) {
    throw new TerminalError(`Command ${answer.commandId} does not belong to run ${answer.runId}.`, {
      code: 'foreign-command',
    });
  }
  return { runId: answer.runId, actor: { type: 'agent', id: 'worker' }, causationId: answer.id };
};

/** A result as a message of the hub; an output that travelled as a reference is fetched. */
export async function success(result: TaskSucceeded, getBlob: (ref: BlobRef) => Promise<string>): Promise<HubMessage> {
  const output = result.blobRef === undefined ? result.output : Json.parse(JSON.parse(await getBlob(result.blobRef)));
  return {
    ...fromWorker(result),
    command: {
      type: 'CompleteTask',
      commandId: result.commandId,
      output: output ?? null,
      usage: result.usage,
      model: result.model,
      journal: result.journal,
    },
  };
}

export function failure(result: TaskFailed): HubMessage {
  return {
    ...fromWorker(result),
    command: {
      type: 'FailTask',
      commandId: result.commandId,
      error: result.error,
      cause: result.cause,
      retryable: result.retryable,
      usage: result.usage,
      model: result.model,
      journal: result.journal,
    },
  };
}
