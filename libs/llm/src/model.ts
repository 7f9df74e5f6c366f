import type { CachedFrom, Effort, Json, JsonObject } from '@baton/contracts';

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

/** An image or a PDF. A model that does not read such is told of it by its name. */
export interface Media {
  /** For people and models. */
  readonly name: string;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'application/pdf';
  readonly base64: string;
}

/**
 * What came of a call.
 * @public
 */
export interface ToolOutcome {
  readonly callId: string;
  readonly text: string;
  readonly isError: boolean;
  /** What is shown beside the text. */
  readonly media?: readonly Media[];
}

/** One earlier answer of the model and what it was told after that. */
export interface ModelTurn {
  /** The answer as its server gave it, thinking included, to be sent back unchanged. */
  readonly content: readonly JsonObject[];
  readonly outcomes: readonly ToolOutcome[];
  /** What it is told beside the outcomes; absent where nothing. */
  readonly note?: string;
}

/** A part of the opening message. */
export interface PromptPart {
  readonly text: string;
  /** What it shows, for the records; absent where nobody asks. */
  readonly name?: string;
  /** Whether others will ask with the same beginning up to here, so that a server should keep it. At most two are kept. */
  readonly cache: boolean;
}

/** One question to a model. Everything a request depends on is in here, so that the answer can be journaled and replayed. */
export interface ModelRequest {
  /** The agent that asks, for the records: `planner`, `validator`, … */
  readonly agent: string;
  /** The prompt template; the offline model answers by its id. */
  readonly template: { readonly id: string; readonly version: string };
  readonly model: string;
  readonly system: string;
  /** The opening message. */
  readonly prompt: string;
  /** The opening message in parts; joined they are the prompt. */
  readonly parts?: readonly PromptPart[];
  /** What is shown after the opening message. */
  readonly media?: readonly Media[];
  /** What was answered and told since the opening message. */
  readonly turns?: readonly ModelTurn[];
  readonly tools?: readonly ToolDefinition[];
  readonly effort?: Effort;
  /** What the template was filled with. The offline model reads these, never the prompt. */
  readonly variables: JsonObject;
  /**
   * The answer must be JSON text of this schema. Callers still check it: servers leave constraints such as ranges out. null:
   * any text; with tools there is no other way, for a tool that takes the answer stands in its place.
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
  /** The answer as its server gave it, to be sent back unchanged in a turn; empty where it was journaled before there were turns. */
  readonly content: readonly JsonObject[];
  /** The tools it wants called. With the stop reason `max_tokens` the last of them was cut off, and has no input. */
  readonly toolCalls: readonly ToolCall[];
  /** The model that answered, as the server names it; `offline` for the scripted one. */
  readonly model: string;
  /** `end_turn`, `stop_sequence`, `tool_use`, or, where tools were given, `max_tokens`. */
  readonly stopReason: string;
  readonly usage: ModelUsage;
  /** The server's id of the call, for a support question; null where there was no server. */
  readonly requestId: string | null;
  /** Where it was not asked, but answered with what another command had been answered. */
  readonly cachedFrom?: CachedFrom;
}

/**
 * Asks a model. Throws TerminalError where a repetition cannot help and RetryableError where it can; an abort by `signal`
 * is a RetryableError `model-aborted`, because somebody else takes the task over.
 */
export type CallModel = (request: ModelRequest, signal: AbortSignal) => Promise<ModelResponse>;

/** The name of the scripted model, in requests, responses and prices. */
export const OFFLINE_MODEL = 'offline';
