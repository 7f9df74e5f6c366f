import { BatonError } from '@baton/contracts';
import {
  type CallModel,
  type ConnectedModel,
  connectModel,
  type ModelSettings,
  OFFLINE_MODEL,
  type ProviderEnv,
} from '@baton/llm';
import { createOfflineModel } from '@baton/offline-model';

/** What the environment says about the model of one agent. */
export interface ChosenFrom extends ProviderEnv {
  /** `BATON_MODEL_<AGENT>`, else `BATON_MODEL`. */
  readonly BATON_MODEL?: string | undefined;
}

export interface ChosenModel {
  /** `offline`, or the name the server knows it by. */
  readonly name: string;
  readonly callModel: CallModel;
  /** The server behind it; null for the offline model. */
  readonly server: ConnectedModel | null;
}

/** Planning and programming decide what the result is worth; reviewing the same text twice costs the most tokens. */
export const DEFAULT_MODELS = {
  planner: 'claude-opus-5-5',
  validator: 'claude-sonnet-5-5',
  programmer: 'claude-opus-5-5',
  tester: 'claude-opus-5-5',
  prompt: 'claude-sonnet-5-5',
  advisor: 'claude-sonnet-5-5',
} as const;

/**
 * The offline model without a key or where it is asked for by name, else the one of the provider. Throws BatonError
 * `model-base-url` or `model-settings`.
 */
export function chooseModel(
  agent: keyof typeof DEFAULT_MODELS,
  env: ChosenFrom,
  settings: ModelSettings = {},
): ChosenModel {
  const { BATON_MODEL: model, BATON_PROVIDER: provider } = env;
  const server = model === OFFLINE_MODEL ? null : connectModel(env, settings);
  if (server === null) return { name: OFFLINE_MODEL, callModel: createOfflineModel(), server };
  if (model === undefined && provider !== undefined && provider !== 'anthropic') throw modelMissing(agent, provider);
  return { name: model ?? DEFAULT_MODELS[agent], callModel: server.call, server };
}

/** Other providers have other names for models, and nobody knows which of them is there. */
const modelMissing = (agent: string, provider: string): BatonError =>
  new BatonError(`BATON_PROVIDER is ${provider}, and no model is named for the ${agent}.`, {
    code: 'model-settings',
    next: `Set BATON_MODEL, or BATON_MODEL_${agent.toUpperCase()}, to a model as ${provider} names it.`,
  });
