import { costMicroUsd } from './cost.js';
import { type ModelRequest, OFFLINE_MODEL } from './model.js';

/*
 * The most that a call can use, before it is made. Nobody can count a model's tokens from outside, so the input is
 * estimated from above: a token for two bytes of UTF-8. English prose and code come to about four bytes a token, JSON and
 * digits to about three, Chinese, Cyrillic and emoji to two or more. What this is too high by is given back when the call
 * is settled with what it used.
 */

const BYTES_PER_TOKEN = 2;
/** What a server adds around system text, prompt and schema. */
const OVERHEAD_TOKENS = 500;

/** An upper estimate of the tokens that a request sends. */
export function inputTokensAtMost({ system, prompt, output }: ModelRequest): number {
  const texts = [system, prompt, JSON.stringify(output.jsonSchema)];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return OVERHEAD_TOKENS + Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** The most that a call can use. `microUsd` is null where the price of the model is not known. */
export interface CallCeiling {
  readonly tokens: number;
  readonly microUsd: number | null;
}

const NOTHING = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** The ceiling of a request with this bound on its output. The whole input is priced as plain or as written to the cache, whichever costs more. */
export function callCeiling(request: ModelRequest, maxOutputTokens: number, at: Date): CallCeiling {
  if (request.model === OFFLINE_MODEL) return { tokens: 0, microUsd: 0 };
  const inputTokens = inputTokensAtMost(request);
  const plain = costMicroUsd(request.model, { ...NOTHING, inputTokens, outputTokens: maxOutputTokens }, at);
  const cached = costMicroUsd(
    request.model,
    { ...NOTHING, cacheWriteTokens: inputTokens, outputTokens: maxOutputTokens },
    at,
  );
  return {
    tokens: inputTokens + maxOutputTokens,
    microUsd: plain === null || cached === null ? null : Math.max(plain, cached),
  };
}
