import { createHash } from 'node:crypto';
import { Json, JsonObject } from '@baton/contracts';

/*
 * What a server keeps of the beginnings of requests, as the Messages API does it: up to each breakpoint, if that is long
 * enough; found again from a breakpoint of a later request by looking back over its last blocks.
 */

const LEAST_TOKENS = 1024;
const LOOK_BACK_BLOCKS = 20;
const MAX_BREAKPOINTS = 4;
const BYTES_PER_TOKEN = 4;

interface Prefix {
  /** Names all blocks up to and with this one. */
  readonly key: string;
  readonly tokens: number;
  readonly isMarked: boolean;
}

export interface PromptCache {
  /** What a request is billed for its input, after which the cache holds what it asks for. Throws for too many breakpoints. */
  readonly usageOf: (body: JsonObject) => {
    readonly input_tokens: number;
    readonly cache_read_input_tokens: number;
    readonly cache_creation_input_tokens: number;
  };
}

export function createPromptCache(): PromptCache {
  const kept = new Set<string>();
  return {
    usageOf: (body) => {
      const prefixes = prefixesOf(body);
      const marked = prefixes.flatMap(({ isMarked }, index) => (isMarked ? [index] : []));
      if (marked.length > MAX_BREAKPOINTS) throw new Error(`${marked.length} breakpoints`);
      const found = prefixes.filter(
        ({ key }, index) => kept.has(key) && marked.some((at) => index <= at && at - index <= LOOK_BACK_BLOCKS),
      );
      const read = Math.max(0, ...found.map(({ tokens }) => tokens));
      const written = marked.map((at) => prefixes[at]).filter((prefix) => (prefix?.tokens ?? 0) >= LEAST_TOKENS);
      for (const prefix of written) if (prefix !== undefined) kept.add(prefix.key);
      const upTo = Math.max(read, ...written.map((prefix) => prefix?.tokens ?? 0));
      return {
        input_tokens: (prefixes.at(-1)?.tokens ?? 0) - upTo,
        cache_read_input_tokens: read,
        cache_creation_input_tokens: upTo - read,
      };
    },
  };
}

function prefixesOf(body: JsonObject): readonly Prefix[] {
  const hash = createHash('sha256');
  let bytes = 0;
  return [...listOf(body.tools), ...listOf(body.system), ...listOf(body.messages).flatMap(contentOf)].map((block) => {
    const { cache_control: mark, ...rest } = JsonObject.parse(block);
    const text = JSON.stringify(rest);
    hash.update(text);
    bytes += Buffer.byteLength(text);
    return {
      key: hash.copy().digest('hex'),
      tokens: Math.ceil(bytes / BYTES_PER_TOKEN),
      isMarked: mark !== undefined,
    };
  });
}

const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? [{ text: value }] : [];

const contentOf = (message: Json): readonly Json[] => {
  const { role = '', content } = JsonObject.parse(message);
  return listOf(content).map((block) => ({ ...JsonObject.parse(block), role }));
};
