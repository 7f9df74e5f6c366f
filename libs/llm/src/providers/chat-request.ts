import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import type { JsonObject } from '@baton/contracts';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { inputTokensLikely } from '../call-ceiling.js';
import { effortFor, type ModelCapabilities } from '../capabilities.js';
import { shownTo } from '../media.js';
import type { Media, ModelRequest, ModelTurn } from '../model.js';
import { promptedSchema } from './prompted-schema.js';

/** The server's name for the bound on an answer. */
export type LimitName = 'max_tokens' | 'max_completion_tokens';

const LEAST_OUTPUT_TOKENS = 1024;

/**
 * The body of a streamed call. Caches of these servers keep by themselves what requests begin with, so that nothing has to
 * be marked.
 */
export function chatBody(
  request: ModelRequest,
  known: ModelCapabilities,
  limitName: LimitName,
): ChatCompletionCreateParamsStreaming {
  const { model, output, tools = [] } = request;
  const hasFormat = output !== null && known.features.has('structured-output');
  const closing = output === null || hasFormat ? '' : `\n\n${promptedSchema(output)}`;
  const effort = request.effort === undefined ? null : effortFor(known, request.effort);
  const body = {
    model,
    stream: true,
    stream_options: { include_usage: true },
    [limitName]: maxTokens(request, known),
    messages: [
      ...(request.system === '' ? [] : [{ role: 'system', content: request.system }]),
      { role: 'user', content: withMedia(request.prompt + closing, request.media ?? [], known) },
      ...(request.turns ?? []).flatMap((turn) => turnMessages(turn, known)),
    ],
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: 'function',
            function: { name, description, parameters: inputSchema },
          })),
        }),
    ...(hasFormat ? { response_format: { type: 'json_schema', json_schema: formatOf(output) } } : {}),
    ...(effort === null ? {} : { reasoning_effort: effort }),
  };
  // What models answered is sent back unchanged, and only their server knows what it holds.
  return body as unknown as ChatCompletionCreateParamsStreaming;
}

function maxTokens(request: ModelRequest, { maxOutputTokens, contextTokens }: ModelCapabilities): number {
  const most = Math.min(request.maxOutputTokens, maxOutputTokens ?? Number.POSITIVE_INFINITY);
  if (contextTokens === null) return most;
  return Math.min(most, Math.max(LEAST_OUTPUT_TOKENS, contextTokens - inputTokensLikely(request)));
}

/** An answer is kept as the message that it was. */
function turnMessages({ content, outcomes, note = '' }: ModelTurn, known: ModelCapabilities): readonly JsonObject[] {
  const told = outcomes.map(({ callId, text, isError }) => ({
    role: 'tool',
    tool_call_id: callId,
    content: isError ? `Error: ${text}` : text,
  }));
  // What a tool says is text here; what it shows stands in a message of its own.
  const media = outcomes.flatMap((outcome) => outcome.media ?? []);
  const said = note === '' && media.length > 0 ? 'What the tools have shown:' : note;
  return [...content, ...told, ...(said === '' ? [] : [{ role: 'user', content: withMedia(said, media, known) }])];
}

/** Text alone stays a text: some servers take nothing else. */
function withMedia(text: string, media: readonly Media[], known: ModelCapabilities): string | JsonObject[] {
  const { shown, named } = shownTo(known, media);
  const whole = [text, ...named].join('\n');
  return shown.length === 0 ? whole : [{ type: 'text', text: whole }, ...shown.map(mediaPart)];
}

function mediaPart({ name, mediaType, base64 }: Media): JsonObject {
  const url = `data:${mediaType};base64,${base64}`;
  return mediaType === 'application/pdf'
    ? { type: 'file', file: { filename: name, file_data: url } }
    : { type: 'image_url', image_url: { url } };
}

/** Strict is possible only where no property may be left out. */
function formatOf({ name, jsonSchema }: { readonly name: string; readonly jsonSchema: JsonObject }) {
  const schema = transformJSONSchema(jsonSchema);
  return { name: name.replaceAll(/[^\w-]/g, '_').slice(0, 64), schema, strict: isStrict(schema) };
}

function isStrict(part: unknown): boolean {
  if (Array.isArray(part)) return part.every(isStrict);
  if (typeof part !== 'object' || part === null) return true;
  const properties: unknown = Reflect.get(part, 'properties');
  const required: unknown = Reflect.get(part, 'required');
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const isWhole = names.every((name) => Array.isArray(required) && required.includes(name));
  return isWhole && Object.values(part).every(isStrict);
}
