import { AGENT_WORKERS, saidModel, type WorkerView } from '@baton/contracts';
import type { Environment } from '../environment.js';
import { findConnection } from '../gateway/connection.js';
import { openGateway } from '../gateway/gateway.js';
import { describeByAgent, describeModels, type ModelsByAgent, modelsOf, NO_MODEL } from '../up/model-mode.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** The models of the services that run, as they say it themselves; nothing where no gateway can be asked. */
export async function runningModels(env: Environment, signal: AbortSignal): Promise<ModelsByAgent> {
  const list = await findConnection(env)
    .then((connection) => openGateway(connection).get('/v1/workers', { signal, timeoutMs: 10_000 }))
    .catch(() => null); // That it does not answer is a finding of its own.
  return modelsSaid(list?.workers ?? []);
}

/** Several workers of a kind may have several models. */
export function modelsSaid(workers: readonly Pick<WorkerView, 'kind' | 'status' | 'description'>[]): ModelsByAgent {
  const alive = workers.filter(({ status }) => status === 'alive');
  const said = AGENT_WORKERS.flatMap((agent): (readonly [string, string])[] => {
    const models = alive
      .filter(({ kind }) => kind === agent)
      .flatMap(({ description }) => saidModel(description) ?? []);
    return models.length === 0 ? [] : [[agent, [...new Set(models)].join(' or ')]];
  });
  return Object.fromEntries(said);
}

/**
 * Which models answer: those of the services that run. Of this shell it is only said what the next start from it would take.
 *
 * @param running nothing where none is known to run
 */
export function checkModel(
  env: Pick<Environment, 'all' | 'ANTHROPIC_API_KEY' | 'ANTHROPIC_BASE_URL'>,
  running: ModelsByAgent = {},
): Finding {
  const ofShell = describeModels(env);
  if (Object.keys(running).length > 0) {
    const found = describeByAgent(running);
    return found === ofShell
      ? ok('model', found)
      : ok('model', `${found}, as the services that run say; a start from this shell would take: ${ofShell}`);
  }
  if (Object.values(modelsOf(env)).includes(NO_MODEL)) {
    return fail('model', ofShell, 'Set BATON_MODEL to a model as the provider names it.');
  }
  if (env.all.BATON_PROVIDER !== undefined && env.all.BATON_PROVIDER !== 'anthropic') return ok('model', ofShell);
  if (env.ANTHROPIC_API_KEY === undefined && env.ANTHROPIC_BASE_URL !== undefined) {
    return warn('model', ofShell, 'ANTHROPIC_BASE_URL has no effect without ANTHROPIC_API_KEY.');
  }
  if (env.ANTHROPIC_API_KEY !== undefined && Object.values(modelsOf(env)).every((model) => model === 'offline')) {
    return warn('model', ofShell, 'ANTHROPIC_API_KEY is set, but BATON_MODEL says offline.');
  }
  return ok('model', ofShell);
}
