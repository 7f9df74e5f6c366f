import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import type { MessageStreamParams } from '@anthropic-ai/sdk/resources/messages/messages';
import { type JsonObject, TerminalError } from '@baton/contracts';
import { inputTokensLikely } from '../call-ceiling.js';
import { effortFor, type ModelCapabilities } from '../capabilities.js';
import { shownTo } from '../media.js';
import type { Media, ModelRequest, ModelTurn, PromptPart, ToolDefinition, ToolOutcome } from '../model.js';
import { promptedSchema } from './prompted-schema.js';

/*
 * A request as the Messages API takes it. The cache is asked for where somebody will read it: after tools and system, which
 * all calls of an agent share; after the parts that are marked; and, in a conversation, at its end, which is where the next
 * call goes on. That makes four, and four is what the API takes. A single question leaves nothing else in the cache, because
 * a write costs a quarter more and nobody would read it.
 */

const MAX_MARKED_PARTS = 2;
const KEPT = { type: 'ephemeral' } as const;
/** An answer shorter than this is of no use, however full the context is. */
const LEAST_OUTPUT_TOKENS = 1024;

type Block = Readonly<Record<string, unknown>>;
interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Block[];
}

/**
 * The body of a streamed call, in what the model has. `paused` is what it had answered when it paused, to go on from.
 * Throws TerminalError `model-request` for a schema that cannot be sent.
 */
export function messagesBody(
  request: ModelRequest,
  known: ModelCapabilities,
  paused: readonly JsonObject[] = [],
): MessageStreamParams {
  const { model, output } = request;
  const tools = known.features.has('tools') ? (request.tools ?? []) : [];
  const mark = (block: Block, isMarked: boolean): Block =>
    isMarked && known.features.has('cache') ? { ...block, cache_control: KEPT } : block;
  const hasFormat = output !== null && known.features.has('structured-output');
  const effort = request.effort === undefined ? null : effortFor(known, request.effort);
  const config = {
    ...(hasFormat ? { format: { type: 'json_schema', schema: wireSchema(output) } } : {}),
    ...(effort === null ? {} : { effort }),
  };
  const closing = output === null || hasFormat ? null : promptedSchema(output);
  const body = {
    model,
    max_tokens: maxTokens(request, known),
    ...(tools.length === 0 ? {} : { tools: toolBlocks(tools, request.system === '', mark) }),
    ...(request.system === '' ? {} : { system: [mark({ type: 'text', text: request.system }, true)] }),
    messages: [
      ...messagesOf(request, known, closing, mark),
      ...(paused.length === 0 ? [] : [{ role: 'assistant', content: paused }]),
    ],
    // No temperature, no forced tool, no prefilled answer: current models refuse all three. The schema does the work.
    ...(Object.keys(config).length === 0 ? {} : { output_config: config }),
    ...(known.features.has('thinking') ? { thinking: { type: 'adaptive' } } : {}),
  };
  // What models answered is sent back unchanged, and only their server knows of what types it is.
  return body as unknown as MessageStreamParams;
}

function maxTokens(request: ModelRequest, { maxOutputTokens, contextTokens }: ModelCapabilities): number {
  const most = Math.min(request.maxOutputTokens, maxOutputTokens ?? Number.POSITIVE_INFINITY);
  if (contextTokens === null) return most;
  return Math.min(most, Math.max(LEAST_OUTPUT_TOKENS, contextTokens - inputTokensLikely(request)));
}

const toolBlocks = (
  tools: readonly ToolDefinition[],
  isEnd: boolean,
  mark: (block: Block, isMarked: boolean) => Block,
): readonly Block[] =>
  tools.map(({ name, description, inputSchema }, index) =>
    mark({ name, description, input_schema: inputSchema }, isEnd && index === tools.length - 1),
  );

function messagesOf(
  request: ModelRequest,
  known: ModelCapabilities,
  closing: string | null,
  mark: (block: Block, isMarked: boolean) => Block,
): readonly Message[] {
  const parts = request.parts ?? [{ text: request.prompt, cache: false }];
  const turns = request.turns ?? [];
  const closingBlocks = closing === null ? [] : [{ type: 'text', text: closing }];
  const messages = turns.reduce<readonly Message[]>(
    (before, turn) => withTurn(before, turn, known),
    [
      {
        role: 'user',
        content: [...openingBlocks(parts, mark), ...mediaBlocks(request.media ?? [], known), ...closingBlocks],
      },
    ],
  );
  const isConversation = request.tools !== undefined || turns.length > 0;
  const [last, ...earlier] = [...messages].reverse();
  const content = last?.content ?? [];
  const end = content.length - 1;
  const marked = content.map((block, index) => mark(block, isConversation && index === end));
  return [...earlier.reverse(), { role: 'user', content: marked }];
}

/** The last marked ones count most: a cache holds all that is before them, too. */
function openingBlocks(
  parts: readonly PromptPart[],
  mark: (block: Block, isMarked: boolean) => Block,
): readonly Block[] {
  const written = joined(parts);
  const markedAt = written.flatMap(({ cache }, index) => (cache ? [index] : [])).slice(-MAX_MARKED_PARTS);
  return written.map(({ text }, index) => mark({ type: 'text', text }, markedAt.includes(index)));
}

/** Up to each mark one block: a server looks back over few of them. */
function joined(parts: readonly PromptPart[]): readonly PromptPart[] {
  const blocks: PromptPart[] = [];
  for (const { text, cache } of parts) {
    const last = blocks.at(-1);
    if (last !== undefined && !last.cache) blocks[blocks.length - 1] = { text: last.text + text, cache };
    else if (text !== '') blocks.push({ text, cache });
  }
  return blocks.filter(({ text }) => text !== '');
}

const CUT_CALL = 'This call was not run: the answer was cut off before it was complete.';
const GO_ON = 'Go on.';

/** Adds an answer and what came of it. Each call has to have an outcome, and an answer of nothing cannot be sent. */
function withTurn(
  before: readonly Message[],
  { content, outcomes, note }: ModelTurn,
  known: ModelCapabilities,
): readonly Message[] {
  const asked = content.flatMap((block) => (block.type === 'tool_use' ? [String(block.id)] : []));
  const missing = asked.filter((id) => !outcomes.some(({ callId }) => callId === id));
  const told: readonly Block[] = [
    ...outcomes.map((outcome) => toolResult(outcome, known)),
    ...missing.map((callId) => toolResult({ callId, text: CUT_CALL, isError: true }, known)),
    ...(note === undefined || note === '' ? [] : [{ type: 'text', text: note }]),
  ];
  const user: readonly Block[] = told.length === 0 ? [{ type: 'text', text: GO_ON }] : told;
  if (content.length > 0) return [...before, { role: 'assistant', content }, { role: 'user', content: user }];
  const [last, ...earlier] = [...before].reverse();
  return [...earlier.reverse(), { role: 'user', content: [...(last?.content ?? []), ...user] }];
}

function toolResult({ callId, text, isError, media = [] }: ToolOutcome, known: ModelCapabilities): Block {
  const said = text === '' ? '(nothing)' : text;
  return {
    type: 'tool_result',
    tool_use_id: callId,
    content: media.length === 0 ? said : [{ type: 'text', text: said }, ...mediaBlocks(media, known)],
    ...(isError ? { is_error: true } : {}),
  };
}

function mediaBlocks(media: readonly Media[], known: ModelCapabilities): readonly Block[] {
  const { shown, named } = shownTo(known, media);
  return [
    ...shown.map(({ name, mediaType, base64 }) => {
      const source = { type: 'base64', media_type: mediaType, data: base64 };
      return mediaType === 'application/pdf' ? { type: 'document', source, title: name } : { type: 'image', source };
    }),
    ...named.map((text) => ({ type: 'text', text })),
  ];
}

/** The API takes a subset of JSON Schema; what it does not know moves into the descriptions, where the model reads it. */
function wireSchema({ name, jsonSchema }: { readonly name: string; readonly jsonSchema: JsonObject }) {
  try {
    return transformJSONSchema(jsonSchema);
  } catch (cause) {
    throw new TerminalError(`The output schema “${name}” cannot be sent to the model.`, {
      code: 'model-request',
      next: 'Give every part of the schema a type.',
      cause,
    });
  }
}
