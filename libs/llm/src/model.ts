import type { Json, JsonObject } from '@baton/contracts';

/** A tool the model may call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

/** One call of a tool, as the model asked for it. `input` is whatever JSON it gave. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: Json;
}

/** What came of a call. */
export interface ToolOutcome {
  readonly callId: string;
  readonly text: string;
  readonly isError: boolean;
}

/** One earlier answer of the model and what it was told after that. */
export interface ModelTurn {
  /** The answer as its server gave it, thinking included, to be sent back unchanged. */
  readonly content: readonly JsonObject[];
  readonly outcomes: readonly ToolOutcome[];
  /** What it is told beside the outcomes; absent where nothing. */
  readonly note?: string;
}

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
  /** What has been said since, of a conversation with tools. */
  readonly turns?: readonly ModelTurn[];
  readonly tools?: readonly ToolDefinition[];
  /**
   * The answer must be JSON text of this schema. Callers still check it: servers leave constraints such as ranges out.
   * null in a conversation with tools, in which one of them takes the answer.
   */
  readonly output: { readonly name: string; readonly jsonSchema: JsonObject } | null;
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
  /** The whole answer as its server gave it, for the next turn of a conversation. */
  readonly content: readonly JsonObject[];
  /** The tools that the model calls, in its order; empty where it calls none. */
  readonly toolCalls: readonly ToolCall[];
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
