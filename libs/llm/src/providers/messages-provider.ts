import { APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import type { Provider } from './connect.js';
import { toResponse } from './messages-answer.js';
import { messagesBody } from './messages-request.js';
import { type MessagesClient, streamCall } from './messages-stream.js';
import type { Failure } from './model-errors.js';

/** A way to a server that speaks the Messages API. `client` may load a package first. */
export const messagesProvider = (client: () => Promise<MessagesClient>): Pick<Provider, 'failureIn' | 'stream'> => ({
  failureIn,
  stream: async ({ request, known, paused, signal, onBegun, onAnswering }) => {
    const body = messagesBody(request, known, paused);
    const streamed = streamCall(await client(), body, { signal, onAnswering });
    onBegun(streamed.spent);
    const message = await streamed.finish();
    return toResponse(message, {
      requestId: streamed.requestId(),
      hasTools: request.tools !== undefined,
      toolInputs: streamed.toolInputs,
    });
  },
});

function failureIn(thrown: unknown): Failure | null {
  if (thrown instanceof APIConnectionTimeoutError) return { type: 'timeout', error: thrown };
  if (thrown instanceof APIConnectionError) return { type: 'connection', error: thrown };
  if (!(thrown instanceof APIError)) return null;
  const { status = null, type: kind, apiMessage, headers } = thrown;
  return { type: 'refused', error: thrown, status, kind, text: apiMessage ?? '', headers };
}
