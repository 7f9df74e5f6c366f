import {
  BatonErrorName,
  describeError,
  type Effort,
  RetryableError,
  TerminalError,
  type WorkspaceInput,
} from '@baton/contracts';
import {
  type CallModel,
  type ConnectedModel,
  type Journal,
  ModelBusy,
  type ModelRequest,
  type ModelResponse,
  spentOf,
  UnusableAnswer,
} from '@baton/llm';

import type { TaskFailure } from '@baton/worker';
import type { BlobStore } from '@baton/workspace';
import type { TaskKnowledge } from '../knowledge/task-knowledge.js';
import type { TaskServers } from '../servers/task-servers.js';
import type { Asking } from '../task/asking.js';
import type { Hints } from '../task/hints.js';
import type { OfflineWork } from '../task/offline-work.js';
import { type OrFailure, throwIfAborted } from '../task/or-failure.js';
import { appendBlocks } from '../templates/render.js';
import type { WithBench } from '../workbench/with-bench.js';
import type { WriteRule } from '../workbench/write-rule.js';
import type { Ledger } from './ledger.js';
import { longerPrompt } from './longer-prompt.js';
import type { ParsedAnswer } from './parse-answer.js';

/** What a question needs besides itself: all of one task. */
export interface AskContext {
  /** Already behind the task's journal. */
  readonly callModel: CallModel;
  /** The same without the journal, for what keeps it itself. */
  readonly callDirectly: CallModel;
  readonly journal: Journal;
  /** Counts a call, made or answered from the journal, of what keeps the journal itself. */
  readonly count: (isReplayed: boolean) => void;
  readonly asking: Asking;
  /** Tools of others. */
  readonly servers: TaskServers;
  /** Gives work a folder with these files, and takes the folder away again. */
  readonly withBench: WithBench;
  readonly model: string;
  /** How many tokens a model can hold; absent, or null, where nobody says. */
  readonly contextTokens?: ConnectedModel['contextTokens'] | undefined;
  /** Whether the model and its server take tools. */
  readonly hasToolUse: boolean;
  readonly hints: Hints;
  /** The most tokens of an answer, where the step says so. */
  readonly maxOutputTokens?: number;
  /** Of the step or the agent; the model's own where it is absent. */
  readonly effort?: Effort;
  readonly conversationId: string;
  readonly ledger: Ledger;
  readonly offlineWork: OfflineWork;
  /** What the task works on, where it works on something that exists, and where its versions are kept. */
  readonly workspace: { readonly input: WorkspaceInput | null; readonly store: BlobStore };
  /** Which files it may write, where it writes any. */
  readonly writes: WriteRule;
  /** The documentation that the task may look into, and what it read of it. */
  readonly knowledge: TaskKnowledge;
  readonly now: () => Date;
  /** RFC 3339 instant after which nobody waits for the task; absent where there is none. */
  readonly deadline?: string;
  readonly signal: AbortSignal;
}

/** An answer longer than this is not shown to the model again. */
const MAX_SHOWN_ANSWER = 200_000;

/**
 * Sends a request and reads the answer. One that cannot be read goes back once, with what is wrong with it; a second one
 * is the failure `Baton.InvalidOutput`. Throws where the context's signal was aborted, on bugs, and ModelBusy where the queue
 * should keep the task for as long as the model's server says.
 */
export async function exchange<T>(
  context: AskContext,
  request: ModelRequest,
  read: (text: string) => ParsedAnswer<T> | Promise<ParsedAnswer<T>>,
): Promise<OrFailure<T>> {
  const first = await call(context, request);
  if (!first.ok) return first;
  const answer = await read(first.value.text);
  if (answer.ok) return answer;

  const second = await call(context, repairOf(request, first.value, answer.problems));
  if (!second.ok) return second;
  const repaired = await read(second.value.text);
  if (repaired.ok) return repaired;
  const problems = repaired.problems.join('; ');
  return {
    ok: false,
    error: BatonErrorName.invalidOutput,
    cause: `The model's answer is no ${nameOf(request)}, also after it was told so: ${problems}.`,
    retryable: true,
  };
}

async function call(context: AskContext, request: ModelRequest): Promise<OrFailure<ModelResponse>> {
  throwIfAborted(context.signal);
  try {
    const response = await context.callModel(request, context.signal);
    context.ledger.book(response, context.now());
    return { ok: true, value: response };
  } catch (error) {
    throwIfAborted(context.signal);
    const spent = spentOf(error);
    if (spent !== null) context.ledger.book(spent, context.now());
    if (error instanceof ModelBusy) return busyOr(error, context);
    if (error instanceof Error && isModelError(error)) return failureOf(error);
    throw error;
  }
}

/** A result would be retried by the workflow long before that, as often as it may be: so the queue keeps the task, where it has time. */
export function busyOr(error: ModelBusy, context: Pick<AskContext, 'deadline' | 'now'>): TaskFailure {
  if (isWorthTheWait(error, context)) throw error;
  return tooLateFor(error);
}

/** What a call to a model throws where it is no bug. */
export const isModelError = (error: Error): error is RetryableError | TerminalError =>
  error instanceof RetryableError || error instanceof TerminalError;

const nameOf = ({ output }: ModelRequest): string => output?.name ?? 'Answer';

/** Whether the queue can keep the task until the model's server wants to hear of us again. */
function isWorthTheWait({ retryAfterMs }: ModelBusy, { deadline, now }: Pick<AskContext, 'deadline' | 'now'>): boolean {
  return deadline === undefined || now().getTime() + retryAfterMs < Date.parse(deadline);
}

function tooLateFor(busy: ModelBusy): TaskFailure {
  const waitS = Math.ceil(busy.retryAfterMs / 1000);
  const cause = `${busy.message} It asks for a wait of ${waitS} s, and the task has less time than that.`;
  return { ok: false, error: BatonErrorName.modelUnavailable, cause, retryable: false };
}

/** How a task fails on it. */
export const failureOf = (thrown: RetryableError | TerminalError): TaskFailure => ({
  ok: false,
  error: errorNameOf(thrown),
  cause: describeError(thrown),
  retryable: thrown instanceof RetryableError,
});

/** Codes that are names of errors themselves. */
const NAMED: readonly string[] = [BatonErrorName.modelRefused, BatonErrorName.budgetExhausted];

/** A wrong key or an unknown model means that there is none to ask; an answer cut off at a limit, that it is no output. */
function errorNameOf(thrown: RetryableError | TerminalError): string {
  if (NAMED.includes(thrown.code)) return thrown.code;
  return thrown instanceof UnusableAnswer ? BatonErrorName.invalidOutput : BatonErrorName.modelUnavailable;
}

function repairOf(request: ModelRequest, response: ModelResponse, problems: readonly string[]): ModelRequest {
  const answer =
    response.text.length <= MAX_SHOWN_ANSWER ? response.text : `${response.text.slice(0, MAX_SHOWN_ANSWER)}\n[cut]`;
  const prompt = appendBlocks(
    request.prompt,
    [
      {
        intro: 'You have answered this before. This was your answer, as data:',
        name: 'previousAnswer',
        text: answer,
      },
      { intro: 'It could not be used, for these reasons:', name: 'problems', text: problems.join('\n') },
    ],
    `Answer again: one complete ${nameOf(request)} object in which these faults are gone and everything else is kept.`,
  );
  return { ...request, ...longerPrompt(request, prompt, 'repair') };
}
