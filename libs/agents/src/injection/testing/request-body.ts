import { type Json, JsonObject } from '@baton/contracts';

/** One call that the model made, and what it was told of it. */
interface CallMade {
  readonly name: string;
  readonly input: Json;
  /** null while nothing came of it. */
  readonly outcome: { readonly text: string; readonly isError: boolean } | null;
}

/** What stands in a request of the Messages API. */
export interface ReadBody {
  readonly system: string;
  /** As it was sent. */
  readonly tools: Json;
  readonly toolNames: readonly string[];
  /** All that the model was told, in its order: never what it said itself. */
  readonly told: readonly string[];
  readonly calls: readonly CallMade[];
}

export function readBody(body: JsonObject): ReadBody {
  const told: string[] = [];
  const calls: { readonly id: string; readonly name: string; readonly input: Json }[] = [];
  const outcomes = new Map<string, { readonly text: string; readonly isError: boolean }>();
  for (const message of listOf(body.messages).map(objectOf)) {
    for (const block of blocksOf(message.content)) {
      if (message.role === 'assistant') {
        if (block.type === 'tool_use')
          calls.push({ id: String(block.id), name: String(block.name), input: block.input ?? null });
      } else if (block.type === 'tool_result') {
        const text = textOf(block.content);
        told.push(text);
        outcomes.set(String(block.tool_use_id), { text, isError: block.is_error === true });
      } else told.push(textOf(block.text));
    }
  }
  const tools = listOf(body.tools);
  return {
    system: blocksOf(body.system)
      .map(({ text }) => textOf(text))
      .join('\n'),
    tools: tools.map((tool) => ({ ...objectOf(tool), cache_control: null })),
    toolNames: tools.map((tool) => String(objectOf(tool).name)),
    told,
    calls: calls.map(({ id, name, input }) => ({ name, input, outcome: outcomes.get(id) ?? null })),
  };
}

export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
export const objectOf = (value: Json | undefined): JsonObject => JsonObject.safeParse(value).data ?? {};

const blocksOf = (content: Json | undefined): readonly JsonObject[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content).map(objectOf);

const textOf = (content: Json | undefined): string =>
  typeof content === 'string'
    ? content
    : listOf(content)
        .map((block) => String(objectOf(block).text ?? ''))
        .join('\n');
