import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectModel } from '../connect-model.js';
import { apiError, type MessagesServer, message, startMessagesServer } from '../testing/messages-server.js';
import { request } from '../testing/sample-request.js';
import { createBedrockModel, createVertexModel } from './clouds.js';
import { loaded } from './load-package.js';

let server: MessagesServer | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
});

const never = new AbortController().signal;

describe('Anthropic’s models elsewhere', () => {
  test('are asked on Vertex as on its own API, under the address of the model', async () => {
    server = await startMessagesServer(message({ texts: ['{"score": 9}'] }));
    // All that is asked of Google's own client, which wants credentials from a file or a machine of Google's.
    const authClient = { getRequestHeaders: async () => new Headers({ authorization: 'Bearer token' }) } as never;
    const model = createVertexModel({ region: 'global', projectId: 'mine', baseUrl: server.url, authClient });
    const answer = await model.call({ ...request, model: 'claude-sonnet-5-5@20260928' }, never);
    expect(answer).toMatchObject({ text: '{"score": 9}', usage: { inputTokens: 10 } });
    expect(server.received[0]).toMatchObject({
      path: expect.stringMatching(/projects\/mine\/locations\/global\/.*claude-sonnet-5-5@20260928:streamRawPredict/),
      headers: { authorization: 'Bearer token' },
      body: { max_tokens: 64_000, system: [{ text: 'You review plans.' }] },
    });
    expect(await model.countTokens(request, never)).toBeNull();
    expect(await model.check('claude-opus-5-5@20260922', never)).toMatchObject({ maxOutputTokens: 128_000 });
  });

  test('are asked on Bedrock with a signed request, and say what is wrong in our words', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    server = await startMessagesServer(apiError(403, 'permission_error', 'no access to the model'));
    const model = createBedrockModel({ region: 'eu-central-1', baseUrl: server.url, maxRetries: 0 });
    const asked = { ...request, model: 'eu.anthropic.claude-sonnet-5-5-20260928-v1:0' };
    await expect(model.call(asked, never)).rejects.toMatchObject({
      name: 'TerminalError',
      code: 'model-auth',
      message: expect.stringContaining('AWS_ACCESS_KEY_ID was refused'),
    });
    expect(server.received[0]).toMatchObject({
      path: expect.stringContaining('eu.anthropic.claude-sonnet-5-5-20260928-v1'),
      headers: { authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIATEST.*eu-central-1/) },
    });
  });

  test.each([
    [{ BATON_PROVIDER: 'bedrock' }, 'AWS_REGION'],
    [{ BATON_PROVIDER: 'vertex' }, 'CLOUD_ML_REGION'],
    [{ BATON_PROVIDER: 'vertex', CLOUD_ML_REGION: 'global' }, 'ANTHROPIC_VERTEX_PROJECT_ID'],
    [{ BATON_PROVIDER: 'openai' }, 'OPENAI_API_KEY'],
  ] as const)('need their settings: %j', (env, missing) => {
    expect(() => connectModel(env, {})).toThrow(`${missing} is not set`);
  });

  test('need a package that need not be there, and name it', async () => {
    const name = 'no-such-package-of-a-cloud';
    await expect(loaded(name, () => import(name))).rejects.toMatchObject({
      code: 'model-package-missing',
      next: expect.stringContaining(`npm install ${name}`),
    });
  });
});
