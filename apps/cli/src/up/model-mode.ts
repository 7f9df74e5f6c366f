import { AGENT_WORKERS } from '@baton/contracts';
import type { Environment } from '../environment.js';

const DEFAULT_MODEL = 'claude-sonnet-5-5';
const DEFAULT_BY_AGENT: Readonly<Record<string, string>> = {
  planner: 'claude-opus-5-5',
  programmer: 'claude-opus-5-5',
  tester: 'claude-opus-5-5',
};

/** What stands for a model that has to be named, because another provider calls it otherwise. */
export const NO_MODEL = 'no model named';

/** Agent → model. */
export type ModelsByAgent = Readonly<Record<string, string>>;

/** Which model answers for each agent, as the services will read it from the same environment. */
export function modelsOf({ all }: Pick<Environment, 'all'>): ModelsByAgent {
  const { BATON_PROVIDER: provider = 'anthropic' } = all;
  const isAnthropic = provider === 'anthropic';
  const hasModel = !isAnthropic || all.ANTHROPIC_API_KEY !== undefined;
  return Object.fromEntries(
    AGENT_WORKERS.map((agent) => {
      const wanted = all[`BATON_MODEL_${agent.toUpperCase()}`] ?? all.BATON_MODEL;
      const usual = isAnthropic ? (DEFAULT_BY_AGENT[agent] ?? DEFAULT_MODEL) : NO_MODEL;
      return [agent, hasModel ? (wanted ?? usual) : 'offline'];
    }),
  );
}

export const OFFLINE_EXPLAINED = 'offline (scripted and deterministic, no language model)';

/** The models that the services read from an environment, in one line for people. */
export const describeModels = (env: Pick<Environment, 'all'>): string => describeByAgent(modelsOf(env));

export function describeByAgent(models: ModelsByAgent): string {
  const byModel = new Map<string, string[]>();
  for (const [agent, model] of Object.entries(models)) byModel.set(model, [...(byModel.get(model) ?? []), agent]);
  const words = [...byModel].map(([model, agents]) => {
    const name = model === 'offline' ? OFFLINE_EXPLAINED : model;
    return byModel.size === 1 ? name : `${name} for ${agents.join(' and ')}`;
  });
  return words.join('; ');
}
