import { RetryableError, TerminalError } from '@baton/contracts';
import { type SpentCall, spentOf, withSpent } from '../errors.js';
import type { ModelResponse, ModelUsage } from '../model.js';

/** One answer that took two calls. */
export const joined = (first: ModelResponse, second: ModelResponse): ModelResponse => ({
  ...second,
  text: first.text + second.text,
  content: [...first.content, ...second.content],
  toolCalls: [...first.toolCalls, ...second.toolCalls],
  usage: sum(first.usage, second.usage),
});

/** A failure after calls that were paid: it cost what they cost, too. */
export function withEarlier(thrown: unknown, earlier: SpentCall): unknown {
  if (!(thrown instanceof RetryableError) && !(thrown instanceof TerminalError)) return thrown;
  const own = spentOf(thrown);
  return withSpent(thrown, own === null ? earlier : { ...own, usage: sum(earlier.usage, own.usage) });
}

const sum = (a: ModelUsage, b: ModelUsage): ModelUsage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
  cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
});
