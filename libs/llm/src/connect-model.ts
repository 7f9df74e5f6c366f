import { BatonError } from '@baton/contracts';
import type { ConnectedModel, ModelSettings } from './connected-model.js';
import { createAnthropicModel } from './providers/anthropic.js';
import { createBedrockModel, createVertexModel, settingMissing } from './providers/clouds.js';
import { createOpenAiModel } from './providers/openai.js';

export const PROVIDERS = ['anthropic', 'bedrock', 'vertex', 'openai'] as const;
type ProviderName = (typeof PROVIDERS)[number];

/** What the environment says of where models are. */
export interface ProviderEnv {
  /** Default `anthropic`. */
  readonly BATON_PROVIDER?: ProviderName | undefined;
  readonly ANTHROPIC_API_KEY?: string | undefined;
  readonly ANTHROPIC_BASE_URL?: string | undefined;
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
  readonly AWS_REGION?: string | undefined;
  readonly CLOUD_ML_REGION?: string | undefined;
  readonly ANTHROPIC_VERTEX_PROJECT_ID?: string | undefined;
}

/**
 * The models that the environment leads to; null where there is no key for them, which is no mistake: the offline model
 * answers then. Throws BatonError `model-settings` or `model-base-url`.
 */
export function connectModel(env: ProviderEnv, settings: ModelSettings): ConnectedModel | null {
  const { BATON_PROVIDER: provider = 'anthropic' } = env;
  switch (provider) {
    case 'anthropic': {
      const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl } = env;
      if (apiKey === undefined) return null;
      return createAnthropicModel({ apiKey, ...(baseUrl === undefined ? {} : { baseUrl }), ...settings });
    }
    case 'openai': {
      const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = env;
      // A server of one's own often wants no key.
      if (apiKey === undefined && baseUrl === undefined) throw settingMissing('OPENAI_API_KEY', provider);
      return createOpenAiModel({
        apiKey: apiKey ?? 'none',
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...settings,
      });
    }
    case 'bedrock': {
      if (env.AWS_REGION === undefined) throw settingMissing('AWS_REGION', provider);
      return createBedrockModel({ region: env.AWS_REGION, ...settings });
    }
    case 'vertex': {
      const { CLOUD_ML_REGION: region, ANTHROPIC_VERTEX_PROJECT_ID: projectId } = env;
      if (region === undefined) throw settingMissing('CLOUD_ML_REGION', provider);
      if (projectId === undefined) throw settingMissing('ANTHROPIC_VERTEX_PROJECT_ID', provider);
      return createVertexModel({ region, projectId, ...settings });
    }
    default:
      throw new BatonError(`BATON_PROVIDER is ${String(provider satisfies never)}.`, { code: 'model-settings' });
  }
}
