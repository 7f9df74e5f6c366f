import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { JsonObject } from '@baton/contracts';

/** A question as it came over the wire. */
interface ReceivedChat {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: JsonObject;
}

/** Answers one question; the last of the list answers all that follow. */
export type ChatReply = (response: ServerResponse, chat: ReceivedChat) => void | Promise<void>;

export interface ChatServer {
  /** The root of the API, with its `/v1`. */
  readonly url: string;
  readonly received: readonly ReceivedChat[];
  readonly close: () => Promise<void>;
}

/** A server on a local port that speaks the chat completions API, and knows the models whose names begin with `known`. */
export async function startChatServer(...replies: readonly ChatReply[]): Promise<ChatServer> {
  const received: ReceivedChat[] = [];
  const server = createServer(async (request, response) => {
    const { url = '', method } = request;
    const sent = await text(request);
    if (method === 'GET') {
      describeModel(response, url.slice(url.lastIndexOf('/') + 1), request.headers);
      return;
    }
    const chat = { path: url, headers: request.headers, body: JsonObject.parse(JSON.parse(sent)) };
    const reply = replies[Math.min(received.length, replies.length - 1)];
    received.push(chat);
    await reply?.(response, chat);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function describeModel(response: ServerResponse, model: string, headers: IncomingMessage['headers']): void {
  if (headers.authorization === 'Bearer wrong') {
    chatError(401, 'invalid_api_key')(response);
    return;
  }
  if (!model.startsWith('known')) {
    chatError(404, 'model_not_found')(response);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id: model, object: 'model', owned_by: 'test' }));
}

export const chatError =
  (status: number, code: string, message = 'no', headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_chat', ...headers });
    response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } }));
  };

export interface StreamedChat {
  readonly texts?: readonly string[];
  readonly refusal?: string;
  /** Calls of tools; the arguments come in two pieces. */
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly json: string }[];
  readonly finishReason?: string;
  readonly cachedTokens?: number;
}

/** The pieces of a whole answer, as the API sends them. */
export function chunksOf({ texts = [], refusal, calls = [], finishReason = 'stop', cachedTokens = 0 }: StreamedChat) {
  const chunk = (delta: JsonObject, finish: string | null = null): JsonObject => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'known-model-2026',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const piecesOf = (call: { readonly id: string; readonly name: string; readonly json: string }, index: number) => {
    const half = Math.floor(call.json.length / 2);
    const [begun, rest] = [call.json.slice(0, half), call.json.slice(half)];
    return [
      chunk({
        tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: begun } }],
      }),
      chunk({ tool_calls: [{ index, function: { arguments: rest } }] }),
    ];
  };
  return [
    chunk({ role: 'assistant', content: '' }),
    ...texts.map((text) => chunk({ content: text })),
    ...(refusal === undefined ? [] : [chunk({ refusal })]),
    ...calls.flatMap(piecesOf),
    chunk({}, finishReason),
    {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      model: 'known-model-2026',
      choices: [],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: cachedTokens },
      },
    },
  ];
}

/** Sends pieces as a stream; `then` runs instead of ending it. */
export const chatStream =
  (chunks: readonly JsonObject[], then?: (response: ServerResponse) => void): ChatReply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_chat' });
    for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    if (then !== undefined) return then(response);
    response.end('data: [DONE]\n\n');
  };

export const chat = (streamed: StreamedChat): ChatReply => chatStream(chunksOf(streamed));
