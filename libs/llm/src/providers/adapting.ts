import { APIError } from '@anthropic-ai/sdk';
import { type JsonObject, TerminalError, toError } from '@baton/contracts';
import type { Feature, ModelCapabilities } from '../capabilities.js';
import type { ModelSettings } from '../connected-model.js';
import type { KnownModels } from '../known-models.js';
import { featureOf, mediaOf, withoutMedia } from '../media.js';
import type { ModelRequest, ModelResponse } from '../model.js';
import type { AskOnce } from './going-on.js';
import { isAboutContext, isAboutMedia, refusedContext, refusedFeature, refusedLimit } from './refused-feature.js';

export interface AdaptingParts {
  readonly models: KnownModels;
  readonly once: (
    request: ModelRequest,
    known: ModelCapabilities,
    paused: readonly JsonObject[],
    signal: AbortSignal,
  ) => Promise<ModelResponse>;
  readonly onTurnedOff: ModelSettings['onTurnedOff'];
}

/** Each of them turns something off, and there is no more to turn off. */
const MOST_REFUSALS = 6;

/** Asks, and once more for each part that the server refuses, without it. */
export function adapting({ models, once, onTurnedOff }: AdaptingParts, signal: AbortSignal): AskOnce {
  const ask = async (...[request, paused, refusals = 0]: AskArguments): Promise<ModelResponse> => {
    const known = await models.of(request.model, signal);
    if (request.tools !== undefined && !known.features.has('tools')) throw withoutTools(request.model);
    try {
      return await once(request, known, paused, signal);
    } catch (thrown) {
      const lacking = refusals < MOST_REFUSALS ? learn(models, request, known, thrown) : null;
      if (lacking === null) {
        const bare = bareOf(request, thrown);
        if (bare === null) throw thrown;
        return ask(bare, paused, refusals + 1);
      }
      onTurnedOff?.({ model: request.model, feature: lacking });
      return ask(request, paused, refusals + 1);
    }
  };
  return (request, paused) => ask(request, paused);
}

type AskArguments = readonly [...Parameters<AskOnce>, refusals?: number];

/**
 * The request without its images and PDF, where the refusal is about one of them: one that is broken says nothing of what the
 * model has, and must not end the task. null where it is about something else.
 */
function bareOf(request: ModelRequest, thrown: unknown): ModelRequest | null {
  if (mediaOf(request).length === 0) return null;
  const message = refusalIn(thrown);
  return message !== null && isAboutMedia(message) ? withoutMedia(request) : null;
}

/** Notes what a refusal says the server lacks; null where it says nothing of that kind. */
function learn(models: KnownModels, request: ModelRequest, known: ModelCapabilities, thrown: unknown): string | null {
  const message = refusalIn(thrown);
  if (message === null) return null;
  const feature = isAboutContext(message) ? null : refusedFeature(message, usedIn(request, known));
  if (feature !== null) {
    models.turnOff(request.model, feature);
    return feature;
  }
  if (isAboutContext(message)) return learnContext(models, request.model, known, refusedContext(message));
  const limit = refusedLimit(message, mostOutput(request, known));
  if (limit === null) return null;
  models.limitOutput(request.model, limit);
  return `answers of more than ${limit} tokens`;
}

/** With less room for the answer the same may fit. */
function learnContext(
  models: KnownModels,
  model: string,
  { contextTokens }: ModelCapabilities,
  limit: number | null,
): string | null {
  if (limit === null || (contextTokens !== null && limit >= contextTokens)) return null;
  models.limitContext(model, limit);
  return `prompts and answers of more than ${limit} tokens together`;
}

/** What a server says of a request that it does not take; null where it is another failure. */
function refusalIn(thrown: unknown): string | null {
  const { cause } = toError(thrown);
  const status = cause instanceof Error && 'status' in cause ? cause.status : null;
  if (status !== 400 && status !== 413 && status !== 422) return null;
  return cause instanceof APIError ? (cause.apiMessage ?? cause.message) : toError(cause).message;
}

const mostOutput = ({ maxOutputTokens }: ModelRequest, known: ModelCapabilities): number =>
  Math.min(maxOutputTokens, known.maxOutputTokens ?? Number.POSITIVE_INFINITY);

function usedIn(request: ModelRequest, { features }: ModelCapabilities): ReadonlySet<Feature> {
  const uses: Readonly<Partial<Record<Feature, boolean>>> = {
    'structured-output': request.output !== null,
    effort: request.effort !== undefined,
    thinking: true,
    cache: true,
    tools: request.tools !== undefined,
    images: mediaOf(request).some((media) => featureOf(media) === 'images'),
    pdf: mediaOf(request).some((media) => featureOf(media) === 'pdf'),
  };
  return new Set([...features].filter((feature) => uses[feature] === true));
}

const withoutTools = (model: string): TerminalError =>
  new TerminalError(`The model ${model} cannot use tools on this server.`, {
    code: 'model-no-tools',
    next: 'Set BATON_MODEL or BATON_MODEL_<AGENT> to a model with tool use, or let the step ask a single question.',
  });
