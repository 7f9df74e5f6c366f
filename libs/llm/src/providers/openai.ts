import type OpenAI from 'openai';
import type { ConnectedModel, ModelSettings } from '../connected-model.js';
import { chatBody, type LimitName } from './chat-request.js';
import { chatAnswer, collectChat } from './chat-stream.js';
import { checkedUrl } from './checked-url.js';
import { CLIENT_OPTIONS } from './client-options.js';
import { connectProvider, type Provider } from './connect.js';
import { loaded } from './load-package.js';
import type { Failure } from './model-errors.js';

export interface OpenAiModelConfig extends ModelSettings {
  readonly apiKey: string;
  /** Root of a server that speaks the chat completions API, with its `/v1`. Default: OpenAI's. */
  readonly baseUrl?: string;
}

const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * Models behind the chat completions API: OpenAI's, or one of the many servers that speak it. The package `openai` is loaded
 * at the first call. Throws BatonError `model-base-url`; calls throw what `connectProvider` says, and `model-package-missing`.
 */
export function createOpenAiModel({ apiKey, baseUrl, ...settings }: OpenAiModelConfig): ConnectedModel {
  const url = checkedUrl(baseUrl ?? OPENAI_URL, 'OPENAI_BASE_URL');
  let made: Promise<OpenAI> | null = null;
  const client = (): Promise<OpenAI> => {
    made ??= loaded('openai', () => import('openai')).then(
      ({ default: Client }) => new Client({ apiKey, baseURL: url, ...CLIENT_OPTIONS }),
    );
    return made;
  };
  // OpenAI's own models refuse the old name, and many other servers know no other.
  let limitName: LimitName = url === OPENAI_URL ? 'max_completion_tokens' : 'max_tokens';

  const stream: Provider['stream'] = async ({ request, known, signal, onBegun }) => {
    const server = await client();
    const open = async () => {
      const body = chatBody(request, known, limitName);
      return server.chat.completions.create(body, { signal }).withResponse();
    };
    const opened = await open().catch((thrown: unknown) => {
      const other = limitName === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
      if (!isAboutName(failureIn(thrown), other)) throw thrown;
      limitName = other;
      return open();
    });
    const collected = collectChat(request, opened.request_id);
    onBegun(collected.spent);
    for await (const chunk of opened.data) collected.add(chunk);
    return chatAnswer(collected, request);
  };

  return connectProvider(
    {
      names: {
        baseUrl: url,
        keyVariable: 'OPENAI_API_KEY',
        urlVariable: 'OPENAI_BASE_URL',
        api: 'the chat completions API',
      },
      failureIn,
      retrieve: async (model, signal) => (await client()).models.retrieve(model, { signal }),
      stream,
    },
    settings,
  );
}

const isAboutName = (failure: Failure | null, other: LimitName): boolean =>
  failure?.type === 'refused' && failure.status === 400 && failure.text.includes(other);

/**
 * By what its errors hold: their classes are the package's, which need not be there. A refusal has a status or, within a
 * stream, an error body; what has neither is about the connection.
 */
function failureIn(thrown: unknown): Failure | null {
  if (!(thrown instanceof Error) || !('requestID' in thrown) || !('headers' in thrown)) return null;
  const status = 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : null;
  const body = 'error' in thrown ? thrown.error : undefined;
  if (status === null && body === undefined) {
    return { type: thrown.constructor.name === 'APIConnectionTimeoutError' ? 'timeout' : 'connection', error: thrown };
  }
  const headers = thrown.headers instanceof Headers ? thrown.headers : undefined;
  const kind = wordIn(thrown, 'code') ?? wordIn(thrown, 'type');
  return { type: 'refused', error: thrown, status, kind, text: textIn(body) ?? thrown.message, headers };
}

const wordIn = (holder: object, name: string): string | null => {
  const word: unknown = Reflect.get(holder, name);
  return typeof word === 'string' ? word : null;
};

const textIn = (body: unknown): string | null =>
  typeof body === 'object' && body !== null ? wordIn(body, 'message') : null;
