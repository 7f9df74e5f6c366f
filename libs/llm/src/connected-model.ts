import type { CapabilityOverrides, ModelCapabilities } from './capabilities.js';
import type { CallModel, ModelRequest } from './model.js';

/** The models of one server. */
export interface ConnectedModel {
  readonly call: CallModel;
  /** The tokens that a request sends; null where the server does not count them. Costs nothing. Throws for the signal only. */
  readonly countTokens: (request: ModelRequest, signal: AbortSignal) => Promise<number | null>;
  /** How many tokens a model can hold, as far as its server or a refusal of it said; null where nobody did. Throws for the signal only. */
  readonly contextTokens: (model: string, signal: AbortSignal) => Promise<number | null>;
  /**
   * What a model has, by what its server says. Costs nothing. Throws TerminalError `model-auth` or `model-not-found` where
   * the server takes neither, and RetryableError where it does not answer.
   */
  readonly check: (model: string, signal: AbortSignal) => Promise<ModelCapabilities>;
}

/** What all providers are told. */
export interface ModelSettings {
  /** Repetitions within one call, 0 or 1 (default): the queue behind it repeats too, and the two multiply. */
  readonly maxRetries?: 0 | 1;
  /** An answer is given up where nothing came for so long, in milliseconds. Default 120 s; beyond 300 s Node gives up itself. */
  readonly silenceMs?: number;
  /** What the operator says of the server. */
  readonly overrides?: CapabilityOverrides;
  /** The clock, for `retry-after` headers that name an instant. */
  readonly nowMs?: () => number;
  /** Told when a server turns out to lack something: which model, and what. */
  readonly onTurnedOff?: (lacking: { readonly model: string; readonly feature: string }) => void;
}

export const DEFAULT_SILENCE_MS = 120_000;
