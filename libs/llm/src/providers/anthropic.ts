import Anthropic from '@anthropic-ai/sdk';
import type { MessageStreamParams } from '@anthropic-ai/sdk/resources/messages/messages';
import type { ConnectedModel, ModelSettings } from '../connected-model.js';
import { checkedUrl } from './checked-url.js';
import { CLIENT_OPTIONS, WITHOUT_SPANS } from './client-options.js';
import { connectProvider, type Provider } from './connect.js';
import { messagesProvider } from './messages-provider.js';
import { messagesBody } from './messages-request.js';

export interface AnthropicModelConfig extends ModelSettings {
  readonly apiKey: string;
  /** Root of a server that speaks the Messages API. Default: Anthropic's. */
  readonly baseUrl?: string;
}

const ANTHROPIC_URL = 'https://api.anthropic.com';

/** Models behind Anthropic's Messages API, or a server that speaks it. Throws BatonError `model-base-url`; calls throw what `connectProvider` says. */
export function createAnthropicModel({ apiKey, baseUrl, ...settings }: AnthropicModelConfig): ConnectedModel {
  const url = checkedUrl(baseUrl ?? ANTHROPIC_URL, 'ANTHROPIC_BASE_URL');
  const client = new Anthropic({ apiKey, baseURL: url, ...CLIENT_OPTIONS, ...WITHOUT_SPANS });
  const names = {
    baseUrl: url,
    keyVariable: 'ANTHROPIC_API_KEY',
    urlVariable: 'ANTHROPIC_BASE_URL',
    api: 'the Messages API',
  };
  const provider = {
    ...messagesProvider(async () => client),
    names,
    retrieve: (model: string, signal: AbortSignal) => client.models.retrieve(model, null, { signal }),
    countTokens: (...[request, known, signal]: Parameters<NonNullable<Provider['countTokens']>>) =>
      countTokens(client, messagesBody(request, known), signal),
  };
  return connectProvider(provider, settings);
}

async function countTokens(client: Anthropic, body: MessageStreamParams, signal: AbortSignal): Promise<number> {
  const { model, messages, system, tools, output_config: config } = body;
  const counted = {
    model,
    messages,
    ...(system === undefined ? {} : { system }),
    ...(tools === undefined ? {} : { tools }),
    ...(config == null ? {} : { output_config: config }),
  };
  return (await client.messages.countTokens(counted, { signal })).input_tokens;
}
