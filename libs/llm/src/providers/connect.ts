import { BatonError, type JsonObject } from '@baton/contracts';
import { withAdaptedRoom } from '../adapted-room.js';
import { type ModelCapabilities, NO_OVERRIDES } from '../capabilities.js';
import { type ConnectedModel, DEFAULT_SILENCE_MS, type ModelSettings } from '../connected-model.js';
import type { SpentCall } from '../errors.js';
import { createKnownModels } from '../known-models.js';
import type { ModelRequest, ModelResponse } from '../model.js';
import { repeatedOnce } from '../repeated-once.js';
import { adapting } from './adapting.js';
import { createBeginnings } from './beginnings.js';
import { inSeveralCalls } from './going-on.js';
import { type CallContext, type Failure, type ServerNames, toModelError } from './model-errors.js';
import { watchSilence } from './silence.js';

/** How the models of one server are reached. What its functions throw is read by `failureIn`. */
export interface Provider {
  readonly names: ServerNames;
  readonly failureIn: (thrown: unknown) => Failure | null;
  /** What the server says of a model, as the Models API has it; absent where there is no way to ask. */
  readonly retrieve?: (model: string, signal: AbortSignal) => Promise<unknown>;
  readonly countTokens?: (request: ModelRequest, known: ModelCapabilities, signal: AbortSignal) => Promise<number>;
  readonly stream: (call: StreamedRequest) => Promise<ModelResponse>;
}

/** One call to be made. */
interface StreamedRequest {
  readonly request: ModelRequest;
  readonly known: ModelCapabilities;
  /** What the model had answered when it paused, to go on from. */
  readonly paused: readonly JsonObject[];
  readonly signal: AbortSignal;
  /** Told how to find out what the call cost so far, as soon as it costs something. */
  readonly onBegun: (spent: () => SpentCall | null) => void;
  /** Told once the answer comes: from then on the server keeps what was asked with. Who cannot tell does not. */
  readonly onAnswering: () => void;
}

const COUNT_TIMEOUT_MS = 10_000;
/** A proxy may show a page while its server starts. A server that never showed anything else is another one. */
const PAGES_TO_BELIEVE = 4;

/**
 * The models of a server. Answers are streamed, because servers cut a long one off otherwise.
 * Throws TerminalError with code `model-auth`, `model-billing`, `model-not-found`, `model-request`, `model-no-tools`,
 * `model-unexpected-stop`, `model-web-page`, `model-output-limit`, `model-context-limit`, `model-paused` or `Baton.ModelRefused`, and
 * RetryableError with code `model-rate-limited`, `model-overloaded`, `model-unavailable`, `model-unreachable`,
 * `model-timeout`, `model-unreadable` or `model-aborted`; ModelBusy where the server says how long to wait. What a failed
 * call cost, `spentOf` tells.
 */
export function connectProvider(provider: Provider, settings: ModelSettings): ConnectedModel {
  const { names, failureIn, retrieve } = provider;
  const { silenceMs = DEFAULT_SILENCE_MS, nowMs = Date.now, overrides = NO_OVERRIDES, onTurnedOff } = settings;

  const contextOf = (model: string, signal: AbortSignal): CallContext => ({
    server: names,
    failureIn,
    model,
    signal,
    silence: new AbortController().signal,
    silenceMs,
    isWebPage: false,
    isNothingElse: false,
    spent: null,
    nowMs: nowMs(),
  });

  // A server that has answered before is the right one, whatever stands before it now and then.
  let hasAnswered = false;
  let pages = 0;
  /** What is known of an answer that calls itself a web page, this one counted in. */
  const pageFacts = (isWebPage: boolean): Pick<CallContext, 'isWebPage' | 'isNothingElse'> => {
    if (isWebPage) pages += 1;
    return { isWebPage, isNothingElse: !hasAnswered && pages >= PAGES_TO_BELIEVE };
  };

  const beginnings = createBeginnings();
  const models = createKnownModels({
    overrides,
    nowMs,
    retrieve: async (model, signal) => {
      if (retrieve === undefined) return null;
      try {
        const info = await retrieve(model, signal);
        if (typeof info === 'string') throw new Error('a text is no model');
        hasAnswered = true;
        return info;
      } catch (thrown) {
        const isText = failureIn(thrown) === null;
        const error = toModelError(thrown, { ...contextOf(model, signal), ...pageFacts(isText) });
        if (isWithoutModels(error, failureIn(thrown))) return null;
        throw error;
      }
    },
  });

  const once = async (
    request: ModelRequest,
    known: ModelCapabilities,
    paused: readonly JsonObject[],
    signal: AbortSignal,
    onAnswering: () => void,
  ): Promise<ModelResponse> => {
    const watch = watchSilence(silenceMs);
    let spent = (): SpentCall | null => null;
    try {
      signal.throwIfAborted();
      const either = AbortSignal.any([signal, watch.signal]);
      const onBegun = (tell: () => SpentCall | null): void => {
        spent = tell;
      };
      const response = await watch.during(() =>
        provider.stream({ request, known, paused, signal: either, onBegun, onAnswering }),
      );
      hasAnswered = true;
      return response;
    } catch (thrown) {
      const context = { ...contextOf(request.model, signal), silence: watch.signal, spent: spent() };
      throw toModelError(thrown, { ...context, ...pageFacts(watch.isWebPage()) });
    }
  };

  const call = async (request: ModelRequest, signal: AbortSignal): Promise<ModelResponse> => {
    const known = await models.of(request.model, signal);
    const isWhole = request.output !== null && known.features.has('structured-output');
    const mostTokens = Math.min(request.maxOutputTokens, known.maxOutputTokens ?? Number.POSITIVE_INFINITY);
    const onAnswering = known.features.has('cache') ? await beginnings.enter(request, signal) : () => {};
    const calling: Parameters<typeof adapting>[0]['once'] = (...given) => once(...given, onAnswering);
    try {
      return await inSeveralCalls(adapting({ models, once: calling, onTurnedOff }, signal), request, {
        isWhole,
        mostTokens,
      });
    } finally {
      onAnswering();
    }
  };

  const inRoom = withAdaptedRoom(call);
  return {
    call: settings.maxRetries === 0 ? inRoom : repeatedOnce(inRoom),
    check: models.check,
    contextTokens: async (model, signal) => (await models.of(model, signal)).contextTokens,
    countTokens: async (request, signal) => {
      const known = await models.of(request.model, signal);
      if (provider.countTokens === undefined || !known.features.has('count-tokens')) return null;
      try {
        return await provider.countTokens(
          request,
          known,
          AbortSignal.any([signal, AbortSignal.timeout(COUNT_TIMEOUT_MS)]),
        );
      } catch (thrown) {
        if (signal.aborted) throw toModelError(thrown, contextOf(request.model, signal));
        const failure = failureIn(thrown);
        const isPassing = failure?.type === 'refused' && failure.status === 429;
        if (!isPassing) models.turnOff(request.model, 'count-tokens');
        return null;
      }
    },
  };
}

/** An address that is not there, or a question that is none: the server speaks no Models API, which says nothing of the model. */
function isWithoutModels(error: Error, failure: Failure | null): boolean {
  if (!(error instanceof BatonError) || failure?.type !== 'refused') return false;
  if (error.code !== 'model-not-found') return error.code === 'model-request';
  return failure.kind !== 'not_found_error' && failure.kind !== 'model_not_found';
}
