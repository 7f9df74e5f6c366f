import {
  type CapabilityOverrides,
  capabilitiesOf,
  type Feature,
  type ModelCapabilities,
  UNKNOWN_MODEL,
  withOverrides,
} from './capabilities.js';
import { modelAborted } from './errors.js';
import { canonicalModel } from './model-names.js';

/** What the process knows of the models of one server. */
export interface KnownModels {
  /** Asks the server once, and takes what is usual where it does not say. Throws `model-aborted` only. */
  readonly of: (model: string, signal: AbortSignal) => Promise<ModelCapabilities>;
  /** Asks the server, and throws what it says against the key or the model. */
  readonly check: (model: string, signal: AbortSignal) => Promise<ModelCapabilities>;
  /** What a server refused is not asked of that model again. */
  readonly turnOff: (model: string, feature: Feature) => void;
  readonly limitOutput: (model: string, maxOutputTokens: number) => void;
  readonly limitContext: (model: string, contextTokens: number) => void;
}

export interface KnownModelsConfig {
  /** What `GET /v1/models/<id>` says; null where the server has no such thing. Throws our errors. */
  readonly retrieve: (model: string, signal: AbortSignal) => Promise<unknown>;
  readonly overrides: CapabilityOverrides;
  readonly nowMs: () => number;
}

const ANSWER_TIMEOUT_MS = 10_000;
/** A server that did not answer is left alone for a while: the calls themselves are what counts. */
const ASK_AGAIN_MS = 5 * 60_000;

/** The limits of models whose server does not say, by the models pages of platform.claude.com, read on 2026-11-21. */
const LIMITS: Readonly<Record<string, { readonly maxOutputTokens: number; readonly contextTokens: number }>> = {
  'claude-fable-5-1': { maxOutputTokens: 128_000, contextTokens: 1_000_000 },
  'claude-fable-5-2': { maxOutputTokens: 128_000, contextTokens: 1_000_000 },
  'claude-opus-5-5': { maxOutputTokens: 128_000, contextTokens: 1_000_000 },
  'claude-sonnet-5-5': { maxOutputTokens: 128_000, contextTokens: 1_000_000 },
  'claude-haiku-5-5': { maxOutputTokens: 128_000, contextTokens: 1_000_000 },
  'claude-opus-5': { maxOutputTokens: 128_000, contextTokens: 1_000_000 },
  'claude-sonnet-5': { maxOutputTokens: 128_000, contextTokens: 1_000_000 },
  'claude-opus-4-6': { maxOutputTokens: 128_000, contextTokens: 1_000_000 },
  'claude-opus-4-5': { maxOutputTokens: 64_000, contextTokens: 200_000 },
  'claude-haiku-4-5': { maxOutputTokens: 64_000, contextTokens: 200_000 },
};

export function createKnownModels({ retrieve, overrides, nowMs }: KnownModelsConfig): KnownModels {
  const known = new Map<string, { readonly capabilities: ModelCapabilities; readonly untilMs: number }>();
  const refused = new Map<string, Set<Feature>>();
  const outputs = new Map<string, number>();
  const contexts = new Map<string, number>();

  const learned = (model: string, capabilities: ModelCapabilities): ModelCapabilities => {
    const own = withOverrides(capabilities, overrides, refused.get(model) ?? []);
    return {
      ...own,
      maxOutputTokens: lower(own.maxOutputTokens, outputs.get(model)),
      contextTokens: lower(own.contextTokens, contexts.get(model)),
    };
  };

  const ask = async (model: string, signal: AbortSignal): Promise<ModelCapabilities> => {
    const info = await retrieve(model, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]));
    const capabilities = info === null ? usual(model) : capabilitiesOf(info, withMedia(model, UNKNOWN_MODEL));
    known.set(model, { capabilities, untilMs: Number.POSITIVE_INFINITY });
    return capabilities;
  };

  return {
    of: async (model, signal) => {
      const before = known.get(model);
      if (before !== undefined && nowMs() < before.untilMs) return learned(model, before.capabilities);
      try {
        return learned(model, await ask(model, signal));
      } catch {
        // The call that this is for says better what is wrong.
        if (signal.aborted) throw modelAborted(signal.reason);
        known.set(model, { capabilities: usual(model), untilMs: nowMs() + ASK_AGAIN_MS });
        return learned(model, usual(model));
      }
    },
    check: async (model, signal) => learned(model, await ask(model, signal)),
    turnOff: (model, feature) => {
      refused.set(model, (refused.get(model) ?? new Set()).add(feature));
    },
    limitOutput: (model, maxOutputTokens) => {
      outputs.set(model, maxOutputTokens);
    },
    limitContext: (model, contextTokens) => {
      contexts.set(model, contextTokens);
    },
  };
}

const lower = (known: number | null, limit: number | undefined): number | null =>
  limit === undefined ? known : Math.min(limit, known ?? limit);

function usual(model: string): ModelCapabilities {
  const name = canonicalModel(model);
  const known = Object.hasOwn(LIMITS, name) ? { ...UNKNOWN_MODEL, ...LIMITS[name] } : UNKNOWN_MODEL;
  return withMedia(model, known);
}

/** Families of models that read images and PDF, by the pages of their makers, read on 2026-11-27. */
const READS_MEDIA = /^(claude-|gpt-(?:4o|4\.1|[5-9])|o[34](?:-|$)|gemini-)/;

const withMedia = (model: string, known: ModelCapabilities): ModelCapabilities =>
  READS_MEDIA.test(canonicalModel(model))
    ? { ...known, features: new Set<Feature>([...known.features, 'images', 'pdf']) }
    : known;
