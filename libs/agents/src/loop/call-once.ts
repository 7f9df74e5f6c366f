import { type ConversationEntry, describeError, RetryableError, TerminalError, toError } from '@baton/contracts';
import { CONTEXT_LIMIT, ModelBusy, type ModelRequest, type SpentCall, spentOf, UnusableAnswer } from '@baton/llm';
import { busyOr, failureOf, isModelError } from '../model/exchange.js';
import { type OrFailure, throwIfAborted } from '../task/or-failure.js';
import type { ConverseContext } from './converse-context.js';

/** The code of the error of a server that takes no tools. */
export const NO_TOOLS = 'model-no-tools';
/** The code of a call that was cut off because the worker let go of the task. */
export const ABORTED = 'model-aborted';

/** A call that was refused for now costs nothing, and nobody answered. */
const REFUSED = {
  stopReason: 'refused-for-now',
  usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  requestId: null,
};

/** Whether there is nothing to book. */
export const isFree = (entry: { readonly stopReason: string }): boolean => entry.stopReason === REFUSED.stopReason;

/** Where in its conversation a call is. */
interface CallPlace {
  /** Where there is no tool use, another way of asking is open then: the error is thrown (NO_TOOLS). */
  readonly isFirst: boolean;
  /** Whether a request that is too long can be made again with less. */
  readonly hasLessToSay: boolean;
}

/**
 * Calls the model once. What comes of it is an entry, also where it broke off: it was paid as far as it came. Fails where no
 * other call helps.
 *
 * @throws ModelBusy where the queue should wait; the reason of an abort that cost nothing; bugs
 */
export async function callOnce(
  context: ConverseContext,
  request: ModelRequest,
  { isFirst, hasLessToSay }: CallPlace,
): Promise<OrFailure<ConversationEntry>> {
  const begunMs = context.now().getTime();
  const took = (): number => Math.max(0, context.now().getTime() - begunMs);
  try {
    const response = await context.callModel(request, context.signal);
    context.ledger.book(response, context.now());
    context.count(false);
    const { text, content, toolCalls, stopReason, model, usage, requestId, cachedFrom } = response;
    const calls = [...toolCalls];
    const cached = cachedFrom === undefined ? {} : { cachedFrom };
    const answer = { text, content: [...content], calls, stopReason, model, usage, requestId, ...cached };
    return { ok: true, value: { kind: 'answer', ...answer, tookMs: took() } };
  } catch (thrown) {
    const spent = spentOf(thrown);
    if (spent === null) throwIfAborted(context.signal);
    else {
      context.ledger.book(spent, context.now());
      context.count(false);
    }
    if (hasLessToSay && thrown instanceof TerminalError && thrown.code === CONTEXT_LIMIT)
      return { ok: true, value: cutBy(thrown, spent ?? { ...REFUSED, model: request.model }, took()) };
    if (thrown instanceof UnusableAnswer) {
      const { message, code, next = '' } = thrown;
      return { ok: true, value: { kind: 'failure', message, code, next, ...thrown.spent, tookMs: took() } };
    }
    if (thrown instanceof ModelBusy) return busyOr(thrown, context);
    const error = toError(thrown);
    if (!isModelError(error) || (isFirst && error.code === NO_TOOLS)) throw error;
    if (!(error instanceof RetryableError)) return failureOf(error);
    return { ok: true, value: cutBy(error, spent ?? { ...REFUSED, model: request.model }, took()) };
  }
}

/** With the next step: where it breaks off again and again, this is what is said of it. */
const cutBy = (error: RetryableError | TerminalError, spent: SpentCall, tookMs: number): ConversationEntry => ({
  kind: 'cut',
  message: describeError(error),
  code: error.code,
  ...(error instanceof RetryableError ? { retryAfterMs: error.retryAfterMs } : {}),
  ...spent,
  tookMs,
});
