import type { JsonObject } from '@baton/contracts';
import { afterEach, describe, expect, test } from 'vitest';
import { inputTokensAtMost } from '../call-ceiling.js';
import { parseCapabilityOverrides } from '../capabilities.js';
import type { Media, ModelRequest } from '../model.js';
import { chat, startChatServer } from '../testing/chat-server.js';
import { apiError, message, type Reply, startServerWith } from '../testing/messages-server.js';
import { KEY, request } from '../testing/sample-request.js';
import { createAnthropicModel } from './anthropic.js';
import { createOpenAiModel } from './openai.js';

const never = new AbortController().signal;
const PNG: Media = { name: 'flow.png', mediaType: 'image/png', base64: 'iVBORw0KGgo=' };
const PDF: Media = { name: 'manual.pdf', mediaType: 'application/pdf', base64: 'JVBERi0x' };
const MODEL = 'claude-sonnet-5-5';

const asking = (changes: Partial<ModelRequest> = {}): ModelRequest => ({
  ...request,
  model: MODEL,
  output: null,
  tools: [{ name: 'knowledge_read', description: 'Reads.', inputSchema: { type: 'object' } }],
  media: [PDF],
  turns: [
    {
      content: [{ type: 'tool_use', id: 'c1', name: 'knowledge_read', input: { source: 'flow.png' } }],
      outcomes: [{ callId: 'c1', text: 'flow.png follows.', isError: false, media: [PNG] }],
    },
  ],
  ...changes,
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const answered = message({ texts: ['seen'] });

async function messagesModel(capabilities: string, info: JsonObject | null, ...replies: readonly Reply[]) {
  const facts = info === null ? {} : { models: () => ({ code: 200, body: info }) };
  const server = await startServerWith(facts, ...(replies.length === 0 ? [answered] : replies));
  closers.push(server.close);
  const overrides = parseCapabilityOverrides(capabilities);
  const { call } = createAnthropicModel({ apiKey: KEY, baseUrl: server.url, maxRetries: 0, overrides });
  return {
    call,
    sent: (index: number) => JSON.stringify(server.received[index]?.body.messages),
    received: server.received,
  };
}

describe('images and PDF over the Messages API', () => {
  test('go to a model that reads them, in the opening and in what a tool brought', async () => {
    const { call, received } = await messagesModel('', null);
    await call(asking(), never);
    const document = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF.base64 } };
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG.base64 } };
    expect(received[0]?.body.messages).toMatchObject([
      { role: 'user', content: [{ type: 'text' }, { ...document, title: 'manual.pdf' }] },
      { role: 'assistant' },
      {
        role: 'user',
        content: [{ type: 'tool_result', content: [{ type: 'text', text: 'flow.png follows.' }, image] }],
      },
    ]);
  });

  test.each([
    ['an operator says that', '-images,-pdf', MODEL, null],
    [
      'its server says that',
      '',
      MODEL,
      { id: MODEL, capabilities: { image_input: { supported: false }, pdf_input: { supported: false } } },
    ],
    ['nobody knows whether', '', 'some-local-model', null],
  ])('are told by their names to a model of which %s it does not read them', async (_, capabilities, model, info) => {
    const { call, sent } = await messagesModel(capabilities, info);
    await call(asking({ model }), never);
    expect(sent(0)).toContain('flow.png is image/png. The model of this task does not read images');
    expect(sent(0)).toContain('manual.pdf is application/pdf. The model of this task does not read PDF');
    expect(sent(0)).not.toContain(PNG.base64);
    expect(sent(0)).not.toContain(PDF.base64);
  });

  test('that a server refuses to take are left out from then on', async () => {
    const refused = apiError(400, 'invalid_request_error', 'image input is not supported by this model');
    const { call, sent, received } = await messagesModel('', null, refused, answered);
    expect((await call(asking(), never)).text).toBe('seen');
    expect(sent(1)).not.toContain(PNG.base64);
    expect(sent(1)).toContain(PDF.base64);
    await call(asking(), never);
    expect(received).toHaveLength(3);
  });

  test('of which one is broken end no task, and the next one is sent again', async () => {
    const broken = apiError(400, 'invalid_request_error', 'messages.2.content.0: Could not process image');
    const { call, sent } = await messagesModel('', null, broken, answered);
    expect((await call(asking(), never)).text).toBe('seen');
    expect(sent(1)).toContain('flow.png could not be shown');
    await call(asking(), never);
    expect(sent(2)).toContain(PNG.base64);
  });
});

describe('images and PDF over chat completions', () => {
  test('go to a model that reads them, after what the tools said', async () => {
    const server = await startChatServer(chat({ texts: ['seen'] }));
    closers.push(server.close);
    const { call } = createOpenAiModel({ apiKey: KEY, baseUrl: server.url, maxRetries: 0 });
    await call(
      asking({
        model: 'gpt-5.2',
        turns: [
          { ...(asking().turns?.[0] ?? { content: [], outcomes: [] }), content: [{ role: 'assistant', content: '' }] },
        ],
      }),
      never,
    );
    expect(server.received[0]?.body.messages).toMatchObject([
      { role: 'system' },
      {
        role: 'user',
        content: [
          { type: 'text' },
          { type: 'file', file: { filename: 'manual.pdf', file_data: `data:application/pdf;base64,${PDF.base64}` } },
        ],
      },
      { role: 'assistant' },
      { role: 'tool', content: 'flow.png follows.' },
      {
        role: 'user',
        content: [{ type: 'text' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG.base64}` } }],
      },
    ]);
    await call(asking({ model: 'local' }), never);
    expect(JSON.stringify(server.received[1]?.body.messages)).not.toContain('base64,');
  });
});

test('an image is counted by what servers bill for it, and not by its bytes', () => {
  const large = { ...PNG, base64: 'A'.repeat(4_000_000) };
  const bare = inputTokensAtMost(asking({ media: [], turns: [] }));
  expect(inputTokensAtMost(asking({ media: [large], turns: [] })) - bare).toBe(5_000);
  expect(inputTokensAtMost(asking({ media: [{ ...PDF, base64: 'A'.repeat(400_000) }], turns: [] })) - bare).toBe(
    150_000,
  );
});
