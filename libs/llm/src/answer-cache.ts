import { createHash } from 'node:crypto';
import type { Json } from '@baton/contracts';
import { parseResponse, responseToJson } from './journal.js';
import type { CallModel, ModelRequest, ModelResponse } from './model.js';

/** Answers that were given to other commands, by the SHA-256 (hex) of the request. */
export interface AnswerCache {
  readonly read: (
    sha256: string,
  ) => Promise<{ readonly response: Json; readonly commandId: string; readonly at: Date } | null>;
  readonly write: (sha256: string, response: Json) => Promise<void>;
}

export interface CachedModel {
  readonly call: CallModel;
  /** Keeps what was answered: called when it proved of use, so that no answer is taken over that was not taken. */
  readonly keep: () => Promise<void>;
}

const NOTHING = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
/** Of a whole answer: one that was cut off is nobody's. */
const WHOLE = ['end_turn', 'stop_sequence', 'tool_use'];

/**
 * Answers the first question of a task from a cache, at no cost, if it was asked before to the letter: model, system, messages,
 * schema, tools, effort and length. Only an opening is looked for: what follows in a conversation is salted by its run. A
 * question that is asked again because its answer was wrong is neither looked for nor kept.
 */
export function withAnswerCache(call: CallModel, cache: AnswerCache): CachedModel {
  let openings = 0;
  let kept: { readonly sha256: string; readonly response: ModelResponse } | null = null;
  return {
    call: async (request, signal) => {
      if ((request.turns ?? []).length > 0) return call(request, signal);
      openings += 1;
      kept = null;
      if (openings > 1) return call(request, signal);
      const sha256 = requestHash(request);
      const found = await cache.read(sha256);
      if (found !== null) {
        const { commandId, at } = found;
        const cachedFrom = { commandId, at: at.toISOString() };
        return { ...parseResponse(found.response), usage: NOTHING, requestId: null, cachedFrom };
      }
      const response = await call(request, signal);
      if (WHOLE.includes(response.stopReason)) kept = { sha256, response };
      return response;
    },
    keep: async () => {
      if (kept !== null) await cache.write(kept.sha256, responseToJson(kept.response));
    },
  };
}

/** Of all that the answer depends on, the variables that the offline model answers from among them; not whose question it is, nor in which run. */
export function requestHash({ agent: _, conversationId: __, ...asked }: ModelRequest): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}
