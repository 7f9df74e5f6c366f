import {
  type BlobRef,
  type CommandId,
  cutTaskTokens,
  isNestedWithin,
  Json,
  MAX_NESTING,
  type RunId,
  readTraceparent,
  resultJobId,
  type TaskFailed,
  type TaskSucceeded,
  TerminalError,
} from '@baton/contracts';
import type { HubMessage } from '../hub/message.js';

interface Answer {
  readonly id: string;
  readonly runId: RunId;
  readonly commandId: CommandId;
  readonly traceparent?: string | undefined;
}

const fromWorker = (answer: Answer): Pick<HubMessage, 'runId' | 'actor' | 'causationId' | 'trace'> => {
  if (!answer.commandId.startsWith(`${answer.runId}-`)) {
    throw new TerminalError(`Command ${answer.commandId} does not belong to run ${answer.runId}.`, {
      code: 'foreign-command',
    });
  }
  const trace = readTraceparent(answer.traceparent);
  const from = { runId: answer.runId, actor: { type: 'agent' as const, id: 'worker' }, causationId: answer.id };
  return trace === undefined ? from : { ...from, trace };
};

/** How the ids of answers begin that say whose they are: see `resultJobId`. */
const RESULT_ID = 'r-';

/**
 * Any worker can name any command, and only who was given its task knows its nonce. An answer under an id of the form that has it
 * must have the right one; behind it may stand more, where somebody vouches for it. A worker that speaks to BullMQ itself may give
 * its answers ids of its own, or none: these prove nothing, and are taken.
 *
 * @throws TerminalError `unproven-answer`
 */
export function refuseUnproven(
  { commandId, dispatchNo }: Pick<TaskFailed, 'commandId' | 'dispatchNo'>,
  { jobId }: { readonly jobId: string },
  nonceOf: (command: Pick<TaskFailed, 'commandId' | 'dispatchNo'>) => string | undefined,
): void {
  if (!jobId.startsWith(RESULT_ID)) return;
  const expected = resultJobId(commandId, dispatchNo, nonceOf({ commandId, dispatchNo }));
  if (jobId === expected || jobId.startsWith(`${expected}-`)) return;
  throw new TerminalError(`The answer to ${commandId} did not come under the id that its task gives it.`, {
    code: 'unproven-answer',
    next: `Send it as job r-${commandId}-${dispatchNo}-<nonce>, with the nonce of the task that was answered.`,
  });
}

/** A result as a message of the hub; an output that travelled as a reference is fetched. */
export async function success(result: TaskSucceeded, getBlob: (ref: BlobRef) => Promise<string>): Promise<HubMessage> {
  const output = result.blobRef === undefined ? result.output : readOutput(await getBlob(result.blobRef));
  return {
    ...fromWorker(result),
    order: {
      type: 'CompleteTask',
      commandId: result.commandId,
      output: output ?? null,
      usage: result.usage,
      model: result.model,
      requestIds: result.requestIds,
      template: result.template,
      journal: result.journal,
      journaled: result.journaled,
      knowledge: result.knowledge,
      cachedFrom: result.cachedFrom,
    },
  };
}

/** @throws TerminalError `undecodable-message`: the text is what its hash says, and will be the same the next time. */
function readOutput(text: string): Json {
  let output: unknown;
  try {
    output = JSON.parse(text);
  } catch (cause) {
    throw new TerminalError('The blob of the result is not JSON.', { code: 'undecodable-message', cause });
  }
  if (isNestedWithin(output)) return Json.parse(output);
  throw new TerminalError(`The output in the blob is nested deeper than ${MAX_NESTING} levels.`, {
    code: 'undecodable-message',
  });
}

/** What the language allows. A failure stands in half a dozen events for ever, and not every worker is ours. */
const MOST_OF_ERROR = 256;
const MOST_OF_CAUSE = 32 * 1024;

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 2)} …` : text);

export function failure(result: TaskFailed): HubMessage {
  return {
    ...fromWorker(result),
    order: {
      type: 'FailTask',
      commandId: result.commandId,
      error: cut(cutTaskTokens(result.error), MOST_OF_ERROR),
      cause: cut(cutTaskTokens(result.cause), MOST_OF_CAUSE),
      retryable: result.retryable,
      asks: result.asks,
      usage: result.usage,
      model: result.model,
      requestIds: result.requestIds,
      template: result.template,
      journal: result.journal,
      journaled: result.journaled,
      knowledge: result.knowledge,
      cachedFrom: result.cachedFrom,
    },
  };
}
