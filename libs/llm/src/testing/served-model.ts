import { afterEach, expect } from 'vitest';
import { type AnthropicModelConfig, createAnthropicModel } from '../providers/anthropic.js';
import { type MessagesServer, type Reply, startMessagesServer } from './messages-server.js';
import { KEY, request } from './sample-request.js';

/** For calls that nobody cuts off. */
export const never: AbortSignal = new AbortController().signal;

/** A server for each test of a spec file that wants one, closed when the test ends. */
export function servingMessages() {
  let server: MessagesServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  const serve = async (...replies: Reply[]): Promise<MessagesServer> => {
    server = await startMessagesServer(...replies);
    return server;
  };
  /** What a call to a server with these replies throws. */
  const errorOf = async (replies: readonly Reply[], config: Partial<AnthropicModelConfig> = {}): Promise<unknown> => {
    const { url } = await serve(...replies);
    const call = createAnthropicModel({ apiKey: KEY, baseUrl: url, maxRetries: 0, ...config }).call;
    return call(request, never).then(
      (response) => expect.fail(`answered ${response.text}`),
      (error: unknown) => error,
    );
  };
  return { serve, errorOf, served: () => server };
}
