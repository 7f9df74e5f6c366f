import { type CallModel, createAnthropicModel, OFFLINE_MODEL } from '@baton/llm';
import { createOfflineModel } from '@baton/offline-model';

/** What the environment says about the model of one agent. */
export interface ModelSettings {
  /** `ANTHROPIC_API_KEY` */
  readonly apiKey?: string | undefined;
  /** `ANTHROPIC_BASE_URL` */
  readonly baseUrl?: string | undefined;
  /** `BATON_MODEL_<AGENT>`, else `BATON_MODEL`. */
  readonly model?: string | undefined;
}

export interface ChosenModel {
  /** `offline`, or the name the server knows it by. */
  readonly name: string;
  readonly callModel: CallModel;
}

/** Planning and programming decide what the result is worth; reviewing the same text twice costs the most tokens. */
export const DEFAULT_MODELS = {
  planner: 'claude-opus-5-5',
  validator: 'claude-sonnet-5-5',
  programmer: 'claude-opus-5-5',
  prompt: 'claude-sonnet-5-5',
  advisor: 'claude-sonnet-5-5',
} as const;

/** The offline model without an API key or where it is asked for by name, else the Messages API. Throws `model-base-url`. */
export function chooseModel(agent: keyof typeof DEFAULT_MODELS, settings: ModelSettings): ChosenModel {
  const { apiKey, baseUrl, model } = settings;
  if (apiKey === undefined || model === OFFLINE_MODEL) return { name: OFFLINE_MODEL, callModel: createOfflineModel() };
  const callModel = createAnthropicModel({ apiKey, ...(baseUrl === undefined ? {} : { baseUrl }) });
  return { name: model ?? DEFAULT_MODELS[agent], callModel };
}
