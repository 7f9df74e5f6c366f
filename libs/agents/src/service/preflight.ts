import { describeError, RetryableError, TerminalError } from '@baton/contracts';
import type { WorkerLog } from '@baton/worker';
import type { ChosenModel } from '../model/choose-model.js';

/**
 * Asks the server of a model for it, which costs nothing, before the first task is taken. Throws TerminalError `model-auth`
 * or `model-not-found` where the server takes the key or the model not: no task could be done. A server that is away now may
 * be there when a task comes.
 *
 * @returns whether the model takes tools, as far as is known
 */
export async function preflight({ name, server }: ChosenModel, log: WorkerLog, signal: AbortSignal): Promise<boolean> {
  if (server === null) {
    log.info({ model: name }, 'model chosen');
    return true;
  }
  try {
    const { maxOutputTokens, contextTokens, features } = await server.check(name, signal);
    log.info({ model: name, maxOutputTokens, contextTokens, features: [...features] }, 'model chosen');
    return features.has('tools');
  } catch (error) {
    if (error instanceof TerminalError && STOPPING.has(error.code)) throw error;
    if (!(error instanceof RetryableError) && !(error instanceof TerminalError)) throw error;
    const reason = describeError(error);
    const notice = AWAY.has(error.code) ? { notice: `WARNING: ${reason} Tasks are tried all the same.` } : {};
    log.warn({ model: name, code: error.code, reason, ...notice }, 'the server of the model does not say');
    return true;
  }
}

/** Nobody answers there, or somebody else. Whoever starts the service is told, and it starts: the server may come up later. */
const AWAY = new Set(['model-unreachable', 'model-timeout', 'model-unreadable', 'model-web-page']);

const STOPPING = new Set(['model-auth', 'model-not-found', 'model-package-missing']);
