import { canonicalModel } from './model-names.js';

/**
 * For each model the next stronger one. Source: the models overview of platform.claude.com, read on 2026-11-21: Haiku for
 * volume, Sonnet for most of speed, Opus for most workloads, Fable where Opus falls short. Older models lead into the
 * line-up of today. A model that is not here, `offline` among them, has none above it that we know of.
 */
export const MODEL_LADDER: Readonly<Record<string, string>> = {
  'claude-haiku-5-5': 'claude-sonnet-5-5',
  'claude-sonnet-5': 'claude-opus-5-5',
  'claude-sonnet-5-5': 'claude-opus-5-5',
  'claude-opus-5': 'claude-fable-5-2',
  'claude-opus-5-5': 'claude-fable-5-2',
  'claude-fable-5-1': 'claude-fable-5-2',
};

/** The model one rung above, or null where there is none. A release date at the end of the name does not matter. */
export function strongerModel(model: string): string | null {
  const name = canonicalModel(model);
  return Object.hasOwn(MODEL_LADDER, name) ? (MODEL_LADDER[name] ?? null) : null;
}
