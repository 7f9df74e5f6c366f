import { costMicroUsd } from './cost.js';
import { mediaOf, sizeInBytes } from './media.js';
import { type Media, type ModelRequest, OFFLINE_MODEL } from './model.js';
import type { ModelPrice } from './prices.js';

/*
 * The most that a call can use, before it is made. Nobody can count a model's tokens from outside, so the input is
 * estimated from above: a token for two bytes of UTF-8. English prose and code come to about four bytes a token, JSON and
 * digits to about three, Chinese, Cyrillic and emoji to two or more. What this is too high by is given back when the call
 * is settled with what it used.
 */

const BYTES_PER_TOKEN = 2;
/** What a server adds around system text, prompt and schema. */
const OVERHEAD_TOKENS = 500;

/** Of most texts a little less, so that a window is not taken for full that is not. */
const LIKELY_BYTES_PER_TOKEN = 3;

/** An upper estimate of the tokens that a request sends. */
export const inputTokensAtMost = (request: ModelRequest): number =>
  OVERHEAD_TOKENS + Math.ceil(bytesOf(request) / BYTES_PER_TOKEN) + mediaTokens(request, AT_MOST);

/** About as many tokens as a request sends. */
export const inputTokensLikely = (request: ModelRequest): number =>
  OVERHEAD_TOKENS + Math.ceil(bytesOf(request) / LIKELY_BYTES_PER_TOKEN) + mediaTokens(request, LIKELY);

interface MediaRates {
  readonly image: number;
  /** Of a page some 2,000 to 3,000 tokens are billed, and it has some 50 KB; one of nothing but text has 2 KB. */
  readonly pdfBytesPerToken: number;
}
const AT_MOST: MediaRates = { image: 5_000, pdfBytesPerToken: 2 };
const LIKELY: MediaRates = { image: 1_600, pdfBytesPerToken: 20 };

const mediaTokens = (request: ModelRequest, rates: MediaRates): number =>
  mediaOf(request).reduce((sum, media) => sum + tokensOf(media, rates), 0);

const tokensOf = (media: Media, { image, pdfBytesPerToken }: MediaRates): number =>
  media.mediaType === 'application/pdf' ? Math.ceil(sizeInBytes(media) / pdfBytesPerToken) : image;

function bytesOf({ system, prompt, output, tools = [], turns = [] }: ModelRequest): number {
  const schema = output === null ? [] : [JSON.stringify(output.jsonSchema)];
  const texts = [system, prompt, ...schema, ...tools.map((tool) => JSON.stringify(tool))];
  const said = turns.map((turn) => JSON.stringify(turn, (key, value: unknown) => (key === 'base64' ? '' : value)));
  return [...texts, ...said].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** The most that a call can use. `microUsd` is null where the price of the model is not known. */
export interface CallCeiling {
  readonly tokens: number;
  readonly microUsd: number | null;
}

/** What is known beside the request. */
export interface CeilingFacts {
  readonly prices?: readonly ModelPrice[];
  /** Where the server counted the tokens of the request; else they are estimated. */
  readonly inputTokens?: number;
}

const NOTHING = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** The ceiling of a request with this bound on its output. The whole input is priced as plain or as written to the cache, whichever costs more. */
export function callCeiling(
  request: ModelRequest,
  maxOutputTokens: number,
  at: Date,
  { prices, inputTokens = inputTokensAtMost(request) }: CeilingFacts = {},
): CallCeiling {
  if (request.model === OFFLINE_MODEL) return { tokens: 0, microUsd: 0 };
  const outputTokens = maxOutputTokens;
  const plain = costMicroUsd(request.model, { ...NOTHING, inputTokens, outputTokens }, at, prices);
  const cached = costMicroUsd(request.model, { ...NOTHING, cacheWriteTokens: inputTokens, outputTokens }, at, prices);
  return {
    tokens: inputTokens + maxOutputTokens,
    microUsd: plain === null || cached === null ? null : Math.max(plain, cached),
  };
}
