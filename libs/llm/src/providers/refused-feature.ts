import type { Feature } from '../capabilities.js';

/*
 * Servers that speak the API of another know a part of it, and say which part they do not know in words of their own. A
 * request that is refused for a part that an answer does not depend on is made again without it.
 */

const UNSUPPORTED =
  /not (?:be )?(?:supported|permitted|allowed|recogni[sz]ed|available)|(?:does|do|is|are)(?:n['’]t| not) (?:support|accept|allow|exist)|unsupported|unknown|unrecogni[sz]ed|unexpected|extra inputs?|no such (?:field|parameter)/i;

/** Narrow ones first: `output_config.effort` is about effort, `output_config` about all of it. */
const NAMES: readonly (readonly [Feature, RegExp])[] = [
  ['effort', /effort/i],
  ['thinking', /thinking/i],
  ['cache', /cache_control|prompt caching/i],
  ['structured-output', /output_config|output_format|response_format|json_schema|structured[ _]output/i],
  ['images', /\bimages?\b|image_url|vision|multimodal/i],
  ['pdf', /\bpdfs?\b|\bdocuments?\b|\bfiles?\b|file_data/i],
  ['tools', /\btools?\b|function[ _]call/i],
];

/** The feature, of those that were used, that a refusal names as one that is not there; null where it is about something else. */
export function refusedFeature(message: string, used: ReadonlySet<Feature>): Feature | null {
  if (!UNSUPPORTED.test(message)) return null;
  return NAMES.find(([feature, name]) => used.has(feature) && name.test(message))?.[0] ?? null;
}

/** Whether a refusal is about an image or a PDF that was sent, and not about such in general: it is broken, or too much. */
export const isAboutMedia = (message: string): boolean =>
  /\bimages?\b|image_url|\bpdfs?\b|\bdocuments?\b|file_data|base64|request.{0,20}too large/i.test(message);

/** Whether a refusal says that prompt and answer together are more than the model can hold. */
export const isAboutContext = (message: string): boolean =>
  /(?:prompt|input) (?:is|was) too long|context[ _](?:length|window|limit|size)|too many (?:input )?tokens|input token count/i.test(
    message,
  );

/** How servers name what fits: each has its own sentence for it. */
const CONTEXT_LIMITS = [
  />\s*(?<tokens>\d{3,8}) maximum/i,
  /context limit:[\d\s+]+>\s*(?<tokens>\d{3,8})/i,
  /(?<tokens>\d{3,8}) maximum context/i,
  /context (?:length|window|size)\D{0,30}(?<tokens>\d{3,8})/i,
  /tokens allowed \D{0,5}(?<tokens>\d{3,8})/i,
];

/** The most that a refusal says that the model can hold, in tokens; null where it gives no number. */
export function refusedContext(message: string): number | null {
  const limits = CONTEXT_LIMITS.flatMap((limit) => limit.exec(message)?.groups?.tokens ?? []);
  return limits[0] === undefined ? null : Number(limits[0]);
}

/** The most output tokens that a refusal names as the limit of the model; null where it names none. */
export function refusedLimit(message: string, asked: number): number | null {
  if (!/max_tokens|max_completion_tokens|maximum.*output/i.test(message)) return null;
  const numbers = [...message.matchAll(/\b\d{3,7}\b/g)].map(([digits]) => Number(digits));
  const limits = numbers.filter((limit) => limit < asked);
  return limits.length === 0 ? null : Math.max(...limits);
}
