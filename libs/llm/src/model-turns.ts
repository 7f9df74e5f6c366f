import { setTimeout as sleep } from 'node:timers/promises';
import { inputTokensAtMost } from './call-ceiling.js';
import { ModelBusy, modelAborted, spentOf } from './errors.js';
import { type CallModel, type ModelRequest, type ModelResponse, type ModelUsage, OFFLINE_MODEL } from './model.js';

/*
 * Models are asked by turns where they are limited: the count is kept outside, for all processes. A call waits in the hands of
 * its worker: a conversation stands where it is, its task goes on to give signs of life and hears when nobody waits for it any
 * more. Where it has waited for long the others of the same process wait as long, so nothing is gained by giving it back.
 */

/** Where turns are counted. */
export interface ModelTurns {
  readonly take: (call: {
    readonly callId: string;
    readonly model: string;
    readonly isOffline: boolean;
    /** The most that it can use. */
    readonly tokens: number;
  }) => Promise<{ readonly isLimited: boolean; readonly mayBegin: boolean; readonly waitMs: number }>;
  /** Whoever makes the call lives. */
  readonly goesOn: (callId: string) => Promise<void>;
  /** @param tokens what was used; null: nobody knows */
  readonly end: (callId: string, tokens: number | null) => Promise<void>;
}

export interface TurnsPorts {
  readonly newId: () => string;
  readonly monotonicMs: () => number;
  /** Told of what could not be said, which mends itself: a call whose end is not told counts for a quarter of a minute. */
  readonly onMissed: (error: unknown) => void;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly goesOnEveryMs?: number;
}

/** A third of the time after which whoever is silent counts as gone. */
const GOES_ON_EVERY_MS = 5_000;
/** For how long it is believed that a model is not limited: then a call costs no question. */
const UNLIMITED_MS = 2_000;

const waitFor = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal });
};

/** Calls that wait for their turn. Throws what `take` throws, and the abort of the signal also while a call waits. */
export function byTurns(callModel: CallModel, turns: ModelTurns, ports: TurnsPorts): CallModel {
  const { newId, monotonicMs, onMissed, wait = waitFor, goesOnEveryMs = GOES_ON_EVERY_MS } = ports;
  const unlimitedUntil = new Map<string, number>();

  async function takeTurn(callId: string, request: ModelRequest, signal: AbortSignal): Promise<boolean> {
    const { model, maxOutputTokens } = request;
    const tokens = inputTokensAtMost(request) + maxOutputTokens;
    for (;;) {
      const turn = await turns.take({ callId, model, isOffline: model === OFFLINE_MODEL, tokens });
      if (!turn.isLimited) {
        unlimitedUntil.set(model, monotonicMs() + UNLIMITED_MS);
        return false;
      }
      if (turn.mayBegin) return true;
      await wait(turn.waitMs, signal);
    }
  }

  async function callInTurn(callId: string, request: ModelRequest, signal: AbortSignal): Promise<ModelResponse> {
    const timer = setInterval(() => void turns.goesOn(callId).catch(onMissed), goesOnEveryMs);
    let used: number | null = null;
    try {
      const response = await callModel(request, signal);
      used = tokensOf(response.usage);
      return response;
    } catch (thrown) {
      used = tokensOfFailed(thrown);
      throw thrown;
    } finally {
      clearInterval(timer);
      await turns.end(callId, used).catch(onMissed);
    }
  }

  return async (request, signal) => {
    const until = unlimitedUntil.get(request.model);
    if (until !== undefined && monotonicMs() < until) return callModel(request, signal);
    const callId = newId();
    let isCounted: boolean;
    try {
      isCounted = await takeTurn(callId, request, signal);
    } catch (thrown) {
      // Whoever stands behind it need not wait for its silence.
      await turns.end(callId, 0).catch(onMissed);
      throw signal.aborted ? modelAborted(thrown) : thrown;
    }
    return isCounted ? callInTurn(callId, request, signal) : callModel(request, signal);
  };
}

/** Null where nobody knows. A server that sent a call away has counted nothing. */
function tokensOfFailed(thrown: unknown): number | null {
  const spent = spentOf(thrown);
  if (spent !== null) return tokensOf(spent.usage);
  return thrown instanceof ModelBusy ? 0 : null;
}

/** What servers count: not what they had in their cache. */
const tokensOf = ({ inputTokens, outputTokens, cacheWriteTokens }: ModelUsage): number =>
  inputTokens + outputTokens + cacheWriteTokens;
