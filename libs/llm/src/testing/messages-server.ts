import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type JsonObject, JsonObject as JsonObjectSchema } from '@baton/contracts';

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: JsonObject;
}

/** Answers one request; the last of the list answers all that follow. */
export type Reply = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>;

export interface MessagesServer {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  readonly close: () => Promise<void>;
}

/** What a server says beside its answers. */
export interface ServerFacts {
  /** What `GET /v1/models/<id>` says of a model; absent where the server has no such address. */
  readonly models?: (model: string) => { readonly code: number; readonly body: JsonObject };
  /** The tokens of a request, for `POST /v1/messages/count_tokens`; absent where the server has no such address. */
  readonly countTokens?: (body: JsonObject) => number;
}

/** A server on a local port that answers `POST /v1/messages` with the given replies in turn, and knows nothing else. */
export const startMessagesServer = (...replies: readonly Reply[]): Promise<MessagesServer> =>
  startServerWith({}, ...replies);

/** The same that also says what its models are and counts tokens. `received` holds questions to models only. */
export async function startServerWith(facts: ServerFacts, ...replies: readonly Reply[]): Promise<MessagesServer> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { url = '', method } = request;
    const sent = await text(request);
    const answer = (code: number, body: object): void => {
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (method === 'GET') {
      const { code, body } = facts.models?.(url.slice(url.lastIndexOf('/') + 1)) ?? { code: 404, body: {} };
      return answer(code, body);
    }
    const body = JsonObjectSchema.parse(JSON.parse(sent));
    if (url.endsWith('/count_tokens')) {
      if (facts.countTokens === undefined) return answer(404, {});
      return answer(200, { input_tokens: facts.countTokens(body) });
    }
    const reply = replies[Math.min(received.length, replies.length - 1)];
    const arrived = { path: url, headers: request.headers, body };
    received.push(arrived);
    await reply?.(response, arrived);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const status =
  (code: number, body: JsonObject | string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json', 'request-id': 'req_test', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

export const apiError = (code: number, type: string, message: string, headers: Record<string, string> = {}): Reply =>
  status(code, { type: 'error', error: { type, message } }, headers);

export interface StreamedMessage {
  /** Calls of tools, after the texts. `json` is sent as it stands, so that it can be cut. */
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly json: string }[];
  readonly texts: readonly string[];
  readonly stopReason?: string;
  readonly stopDetails?: JsonObject;
  readonly usage?: JsonObject;
}

/** The events of a whole message: a thinking block, then each text as a delta of its own, as the API sends them. */
export function eventsOf({
  texts,
  calls = [],
  stopReason = 'end_turn',
  stopDetails,
  usage,
}: StreamedMessage): readonly JsonObject[] {
  return [
    {
      type: 'message_start',
      message: {
        id: 'msg_test',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-5-5',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: {
          input_tokens: 10,
          output_tokens: 1,
          cache_creation_input_tokens: 3,
          cache_read_input_tokens: 7,
          ...usage,
        },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'not part of the answer' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'ping' },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    ...texts.map((delta) => ({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: delta } })),
    { type: 'content_block_stop', index: 1 },
    ...calls.flatMap(({ id, name, json }, at) => [
      { type: 'content_block_start', index: at + 2, content_block: { type: 'tool_use', id, name, input: {} } },
      { type: 'content_block_delta', index: at + 2, delta: { type: 'input_json_delta', partial_json: json } },
      { type: 'content_block_stop', index: at + 2 },
    ]),
    {
      type: 'message_delta',
      delta: {
        stop_reason: stopReason,
        stop_sequence: null,
        ...(stopDetails === undefined ? {} : { stop_details: stopDetails }),
      },
      usage: { output_tokens: usage?.output_tokens ?? 25 },
    },
    { type: 'message_stop' },
  ];
}

/** Sends events as a stream; `then` runs instead of ending it. */
export const stream =
  (events: readonly JsonObject[], then?: (response: ServerResponse) => void): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_test' });
    for (const event of events) response.write(`event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`);
    if (then === undefined) response.end();
    else then(response);
  };

export const message = (streamed: StreamedMessage): Reply => stream(eventsOf(streamed));
