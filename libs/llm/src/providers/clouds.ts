import type { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { BatonError } from '@baton/contracts';
import type { ConnectedModel, ModelSettings } from '../connected-model.js';
import { CLIENT_OPTIONS, WITHOUT_SPANS } from './client-options.js';
import { connectProvider } from './connect.js';
import { loaded } from './load-package.js';
import { messagesProvider } from './messages-provider.js';
import type { MessagesClient } from './messages-stream.js';

export interface BedrockConfig extends ModelSettings {
  /** Such as `us-east-1`. Keys come from where the AWS SDK finds them. */
  readonly region: string;
  /** Instead of the region's own address. */
  readonly baseUrl?: string;
}

/**
 * Anthropic's models on Amazon Bedrock, through Anthropic's own package, which signs requests and reads the event stream of
 * AWS. It is loaded at the first call; where it is missing, that call throws BatonError `model-package-missing`. There is
 * neither a Models API nor a count of tokens.
 */
export function createBedrockModel({ region, baseUrl, ...settings }: BedrockConfig): ConnectedModel {
  const client = once(async (): Promise<MessagesClient> => {
    const { AnthropicBedrock } = await loaded('@anthropic-ai/bedrock-sdk', () => import('@anthropic-ai/bedrock-sdk'));
    return new AnthropicBedrock({
      awsRegion: region,
      ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
      ...CLIENT_OPTIONS,
      ...WITHOUT_SPANS,
    });
  });
  const provider = messagesProvider(client);
  const names = {
    baseUrl: baseUrl ?? `Amazon Bedrock in ${region}`,
    keyVariable: 'AWS_ACCESS_KEY_ID',
    urlVariable: 'AWS_REGION',
    api: 'the Messages API',
  };
  return connectProvider({ ...provider, names }, settings);
}

export interface VertexConfig extends ModelSettings {
  /** Such as `us-east5`, or `global`. */
  readonly region: string;
  /** The project of Google Cloud. Credentials come from where Google's libraries find them. */
  readonly projectId: string;
  /** Instead of the region's own address. */
  readonly baseUrl?: string;
  /** Instead of the credentials that Google's libraries find. */
  readonly authClient?: NonNullable<ConstructorParameters<typeof AnthropicVertex>[0]>['authClient'];
}

/** Anthropic's models on Google's Vertex AI, as on Bedrock. */
export function createVertexModel({
  region,
  projectId,
  baseUrl,
  authClient,
  ...settings
}: VertexConfig): ConnectedModel {
  const client = once(async (): Promise<MessagesClient> => {
    const { AnthropicVertex: Client } = await loaded(
      '@anthropic-ai/vertex-sdk',
      () => import('@anthropic-ai/vertex-sdk'),
    );
    return new Client({
      region,
      projectId,
      ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
      ...(authClient == null ? {} : { authClient }),
      ...CLIENT_OPTIONS,
      ...WITHOUT_SPANS,
    });
  });
  const provider = messagesProvider(client);
  const names = {
    baseUrl: baseUrl ?? `Vertex AI in ${region}`,
    keyVariable: 'GOOGLE_APPLICATION_CREDENTIALS',
    urlVariable: 'CLOUD_ML_REGION',
    api: 'the Messages API',
  };
  return connectProvider({ ...provider, names }, settings);
}

/** Without a region or a project nothing can be asked. */
export const settingMissing = (variable: string, provider: string): BatonError =>
  new BatonError(`BATON_PROVIDER is ${provider}, and ${variable} is not set.`, {
    code: 'model-settings',
    next: `Set ${variable}, or unset BATON_PROVIDER.`,
  });

/** Makes it at the first call; one that failed is tried again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((thrown: unknown) => {
      made = null;
      throw thrown;
    });
    return made;
  };
}
