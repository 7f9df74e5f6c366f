import { RetryableError, TerminalError } from '@baton/contracts';
import type { ModelResponse } from './model.js';

/** The call was cut off by its signal: the worker stops or lost its job. Whoever has the task next asks again. */
export const modelAborted = (cause: unknown): RetryableError =>
  new RetryableError('The call to the model was cut off because the worker let go of the task.', {
    code: 'model-aborted',
    next: 'Nothing to do: the task is handed out again.',
    retryAfterMs: 0,
    cause,
  });

/** What a call cost although it gave no usable answer. */
export type SpentCall = Pick<ModelResponse, 'model' | 'stopReason' | 'usage' | 'requestId'>;

/** The model answered and was paid, but the answer is of no use: refused, cut at the token limit, and the like. */
export class UnusableAnswer extends TerminalError {
  readonly spent: SpentCall;

  constructor(message: string, details: { readonly code: string; readonly next: string; readonly spent: SpentCall }) {
    super(message, details);
    this.spent = details.spent;
  }
}
