import type { JsonObject } from '@baton/contracts';

/** One question to a model. Everything a request depends on is in here, so that the answer can be journaled and replayed. */
export interface ModelRequest {
  /** The agent that asks, for the records: `planner`, `validator`, … */
  readonly agent: string;
  /** The prompt template; the offline model answers by its id. */
  readonly template: { readonly id: string; readonly version: string };
  readonly model: string;
  readonly system: string;
  readonly prompt: string;
  /** What the template was filled with. The offline model reads these, never the prompt. */
  readonly variables: JsonObject;
  /** The answer must be JSON text of this schema. Callers still check it: servers leave constraints such as ranges out. */
  readonly output: { readonly name: string; readonly jsonSchema: JsonObject };
  /** Bounds what the model writes, its thinking included. */
  readonly maxOutputTokens: number;
  /** Groups the calls of one run in traces. */
  readonly conversationId: string;
}

/** Tokens a call was billed for. The four kinds do not overlap: `inputTokens` counts neither cache reads nor cache writes. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export interface ModelResponse {
  readonly text: string;
  /** The model that answered, as the server names it; `offline` for the scripted one. */
  readonly model: string;
  readonly stopReason: string;
  readonly usage: ModelUsage;
  /** The server's id of the call, for a support question; null where there was no server. */
  readonly requestId: string | null;
}

/**
 * Asks a model. Throws TerminalError where a repetition cannot help and RetryableError where it can; an abort by `signal`
 * is a RetryableError `model-aborted`, because somebody else takes the task over.
 */
export type CallModel = (request: ModelRequest, signal: AbortSignal) => Promise<ModelResponse>;

/** The name of the scripted model, in requests, responses and prices. */
export const OFFLINE_MODEL = 'offline';
