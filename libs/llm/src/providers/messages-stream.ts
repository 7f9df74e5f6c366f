import type { MessageStreamParams, Messages } from '@anthropic-ai/sdk/resources/messages/messages';
import { INTERRUPTED, type SpentCall } from '../errors.js';
import { usageIn } from './messages-answer.js';

/** A client of Anthropic's: of its API, of Bedrock, of Vertex. */
export interface MessagesClient {
  readonly messages: Pick<Messages, 'stream'>;
}

/** What has come of one streamed call, also where it breaks off. */
export interface StreamedCall {
  /** The whole message. Throws what the client throws. */
  readonly finish: () => Promise<unknown>;
  readonly requestId: () => string | null;
  /** The JSON of the tools' inputs as it came, by the place of its block. */
  readonly toolInputs: ReadonlyMap<number, string>;
  /** What it cost so far; null where it has not begun. */
  readonly spent: () => SpentCall | null;
}

/** Of an answer that is cut off nobody says how long it was: about a token for four bytes of it. */
const BYTES_PER_OUTPUT_TOKEN = 4;

export function streamCall(
  client: MessagesClient,
  body: MessageStreamParams,
  options: { readonly signal: AbortSignal; readonly onAnswering: () => void },
): StreamedCall {
  const { signal, onAnswering } = options;
  const toolInputs = new Map<number, string>();
  let begun: { readonly model: string; readonly usage: unknown } | null = null;
  let said: number | null = null;
  let bytes = 0;
  const stream = client.messages.stream(body, { signal });
  stream.on('streamEvent', (event) => {
    if (event.type === 'message_start') {
      begun = event.message;
      onAnswering();
    }
    if (event.type === 'message_delta') said = event.usage.output_tokens;
    if (event.type !== 'content_block_delta') return;
    const { index, delta } = event;
    if (delta.type === 'input_json_delta') toolInputs.set(index, (toolInputs.get(index) ?? '') + delta.partial_json);
    bytes += lengthOf(delta);
  });
  // Whoever asks for the end gets the error; one that nobody asked for must not end the process.
  stream.done().catch(() => {});
  return {
    finish: () => stream.finalMessage(),
    requestId: () => stream.request_id ?? null,
    toolInputs,
    spent: () => {
      if (begun === null) return null;
      const usage = usageIn(begun.usage);
      if (usage === null) return null;
      const arrived = Math.ceil(bytes / BYTES_PER_OUTPUT_TOKEN);
      return {
        model: begun.model,
        stopReason: INTERRUPTED,
        usage: { ...usage, outputTokens: said ?? Math.max(usage.outputTokens, arrived) },
        requestId: stream.request_id ?? null,
      };
    },
  };
}

/** What of a delta the model wrote: its texts, not its signatures. */
function lengthOf(delta: object): number {
  const written = ['text', 'partial_json', 'thinking'].map((name) => Reflect.get(delta, name));
  return written.reduce<number>((sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0), 0);
}
