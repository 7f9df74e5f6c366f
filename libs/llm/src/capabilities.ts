import { BatonError, Effort } from '@baton/contracts';
import { z } from 'zod';

/** What a model and its server may or may not have. */
const FEATURES = [
  'structured-output',
  'effort',
  'thinking',
  'cache',
  'tools',
  'count-tokens',
  'images',
  'pdf',
] as const;
export type Feature = (typeof FEATURES)[number];

/** From the least to the most. */
const EFFORTS = Effort.options;

/** What is known of a model on its server. Limits are null where nobody said. */
export interface ModelCapabilities {
  /** The most tokens of one answer, thinking included. */
  readonly maxOutputTokens: number | null;
  /** The most tokens of everything that is sent. */
  readonly contextTokens: number | null;
  readonly features: ReadonlySet<Feature>;
  /** The levels that are taken where effort is. */
  readonly efforts: readonly Effort[];
}

/** What the operator says of the server, which counts more than what is guessed or asked. */
export interface CapabilityOverrides {
  readonly on: readonly Feature[];
  readonly off: readonly Feature[];
  readonly maxOutputTokens: number | null;
  readonly contextTokens: number | null;
}

export const NO_OVERRIDES: CapabilityOverrides = { on: [], off: [], maxOutputTokens: null, contextTokens: null };

const SYNTAX = `a list such as "-effort,-structured-output,max-output=8192,context=32768" of ${FEATURES.join(', ')}`;

/** Reads BATON_MODEL_CAPABILITIES: features to turn off (`-name`) or on (`name`), and limits. Throws `model-capabilities`. */
export function parseCapabilityOverrides(text: string): CapabilityOverrides {
  let overrides = NO_OVERRIDES;
  for (const word of text.split(',').map((each) => each.trim())) {
    if (word !== '') overrides = withWord(overrides, word);
  }
  return overrides;
}

function withWord(overrides: CapabilityOverrides, word: string): CapabilityOverrides {
  const limit = /^(?<name>max-output|context)=(?<tokens>[1-9]\d{0,8})$/.exec(word)?.groups;
  if (limit !== undefined) {
    const tokens = Number(limit.tokens);
    return limit.name === 'context'
      ? { ...overrides, contextTokens: tokens }
      : { ...overrides, maxOutputTokens: tokens };
  }
  const feature = FEATURES.find((name) => name === word.replace(/^[-+]/, ''));
  if (feature === undefined) {
    throw new BatonError(`BATON_MODEL_CAPABILITIES says “${word}”, which is nothing that a model can have.`, {
      code: 'model-capabilities',
      next: `Write ${SYNTAX}.`,
    });
  }
  return word.startsWith('-')
    ? { ...overrides, off: [...overrides.off, feature] }
    : { ...overrides, on: [...overrides.on, feature] };
}

/**
 * Where nobody says otherwise, a server is taken to have everything; what it refuses is turned off when it does. But for images
 * and PDF: many servers drop in silence what their model does not read.
 */
export const UNKNOWN_MODEL: ModelCapabilities = {
  maxOutputTokens: null,
  contextTokens: null,
  features: new Set<Feature>(['structured-output', 'effort', 'cache', 'tools', 'count-tokens']),
  efforts: EFFORTS,
};

const Support = z.object({ supported: z.boolean() }).nullish();
/** What `GET /v1/models/<id>` says. Source: `ModelInfo` of @anthropic-ai/sdk 1.11. */
const ModelInfo = z.object({
  max_tokens: z.int().positive().nullish(),
  max_input_tokens: z.int().positive().nullish(),
  capabilities: z
    .object({
      structured_outputs: Support,
      effort: z
        .looseObject({
          supported: z.boolean(),
          low: Support,
          medium: Support,
          high: Support,
          xhigh: Support,
          max: Support,
        })
        .nullish(),
      thinking: z.object({ supported: z.boolean(), types: z.object({ adaptive: Support }).nullish() }).nullish(),
      image_input: Support,
      pdf_input: Support,
    })
    .nullish(),
});

/** From what the Models API says of a model; what it leaves out is as is usual for it. */
export function capabilitiesOf(info: unknown, usual: ModelCapabilities): ModelCapabilities {
  const parsed = ModelInfo.safeParse(info);
  if (!parsed.success) return usual;
  const { max_tokens: maxOutputTokens, max_input_tokens: contextTokens, capabilities } = parsed.data;
  const features = new Set(usual.features);
  if (capabilities?.structured_outputs?.supported === false) features.delete('structured-output');
  if (capabilities?.effort?.supported === false) features.delete('effort');
  if (capabilities?.thinking?.types?.adaptive?.supported === true) features.add('thinking');
  for (const [feature, support] of [
    ['images', capabilities?.image_input],
    ['pdf', capabilities?.pdf_input],
  ] as const) {
    if (support?.supported === true) features.add(feature);
    if (support?.supported === false) features.delete(feature);
  }
  const effort = capabilities?.effort;
  return {
    maxOutputTokens: maxOutputTokens ?? null,
    contextTokens: contextTokens ?? null,
    features,
    efforts: effort == null ? EFFORTS : EFFORTS.filter((level) => effort[level]?.supported === true),
  };
}

/** The same with what the operator says, and without what the server refused. */
export function withOverrides(
  known: ModelCapabilities,
  { on, off, maxOutputTokens, contextTokens }: CapabilityOverrides,
  refused: Iterable<Feature>,
): ModelCapabilities {
  const features = new Set([...known.features, ...on]);
  for (const feature of [...off, ...refused]) features.delete(feature);
  return {
    ...known,
    features,
    maxOutputTokens: maxOutputTokens ?? known.maxOutputTokens,
    contextTokens: contextTokens ?? known.contextTokens,
  };
}

/** The nearest level that the model takes, the lower one first; null where it takes none. */
export function effortFor({ features, efforts }: ModelCapabilities, wanted: Effort): Effort | null {
  if (!features.has('effort')) return null;
  const place = EFFORTS.indexOf(wanted);
  const lower = EFFORTS.slice(0, place + 1).findLast((level) => efforts.includes(level));
  return lower ?? EFFORTS.find((level) => efforts.includes(level)) ?? null;
}
