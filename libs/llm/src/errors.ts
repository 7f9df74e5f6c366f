import { RetryableError, TerminalError } from '@baton/contracts';
import type { ModelResponse } from './model.js';

/**
 * What a call cost although it gave no usable answer. Of one that was cut off the server says no more than what it began
 * with: what had arrived is then counted as output, a token for four bytes.
 */
export type SpentCall = Pick<ModelResponse, 'model' | 'stopReason' | 'usage' | 'requestId' | 'cachedFrom'>;

/** The code of a request that is more, with its answer, than its model can hold. */
export const CONTEXT_LIMIT = 'model-context-limit';
export const CONTEXT_NEXT = 'Shorten the requirements or the files, or choose a model with a larger context.';

/** The stop reason of a call that was cut off before the server gave one. */
export const INTERRUPTED = 'interrupted';

/** The model answered and was paid, but the answer is of no use: refused, cut at the token limit, and the like. */
export class UnusableAnswer extends TerminalError {
  readonly spent: SpentCall;

  constructor(
    message: string,
    details: { readonly code: string; readonly next: string; readonly spent: SpentCall; readonly cause?: unknown },
  ) {
    super(message, details);
    this.spent = details.spent;
  }
}

/** An answer broke off after it had begun. It was paid as far as it came; another call may succeed. */
export class InterruptedCall extends RetryableError {
  readonly spent: SpentCall;

  constructor(
    message: string,
    details: {
      readonly code: string;
      readonly next: string;
      readonly spent: SpentCall;
      readonly retryAfterMs: number;
      readonly cause?: unknown;
    },
  ) {
    super(message, details);
    this.spent = details.spent;
  }
}

/**
 * The server said how long it wants to be left alone. Only the queue can wait that long without holding a worker.
 * `retryAfterMs` is the server's.
 */
export class ModelBusy extends RetryableError {}

/** What a failed call cost; null where it cost nothing. */
export const spentOf = (thrown: unknown): SpentCall | null =>
  thrown instanceof UnusableAnswer || thrown instanceof InterruptedCall ? thrown.spent : null;

/** The call was cut off by its signal: the worker stops or lost its job. Whoever has the task next asks again. */
export function modelAborted(cause: unknown, spent: SpentCall | null = null): RetryableError {
  const message = 'The call to the model was cut off because the worker let go of the task.';
  const details = {
    code: 'model-aborted',
    next: 'Nothing to do: the task is handed out again.',
    retryAfterMs: 0,
    cause,
  };
  return spent === null ? new RetryableError(message, details) : new InterruptedCall(message, { ...details, spent });
}

/** The same failure, with what it cost. */
export function withSpent(error: RetryableError | TerminalError, spent: SpentCall): InterruptedCall | UnusableAnswer {
  const { message, code, next = '', cause } = error;
  if (error instanceof RetryableError) {
    return new InterruptedCall(message, { code, next, spent, cause, retryAfterMs: error.retryAfterMs });
  }
  return new UnusableAnswer(message, { code, next, spent, cause });
}
