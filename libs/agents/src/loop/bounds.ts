import type { ConversationEntry } from '@baton/contracts';

/** How much one task may do. Each is a whole number above zero. */
export interface Bounds {
  readonly modelCalls: number;
  readonly toolCalls: number;
  /** Of prompts and answers together, what came from a cache included. */
  readonly tokens: number;
  /** Milliseconds of answers and tools. The time in the queue is bounded by the task's deadline. */
  readonly workMs: number;
}

/** A model that looks, edits and tests its way through a small repository needs a third of this. */
export const DEFAULT_BOUNDS: Bounds = {
  modelCalls: 60,
  toolCalls: 240,
  tokens: 3_000_000,
  workMs: 45 * 60_000,
};

export type BoundName = keyof Bounds;

const BOUND_NAMES = ['modelCalls', 'toolCalls', 'tokens', 'workMs'] as const satisfies readonly BoundName[];

/** What was used so far, by the journal alone. */
export type Used = Readonly<Record<BoundName, number>>;

export const NOTHING_USED: Used = { modelCalls: 0, toolCalls: 0, tokens: 0, workMs: 0 };

export function useOf(used: Used, entry: ConversationEntry): Used {
  if (entry.kind === 'opening' || entry.kind === 'documents') return used;
  const workMs = used.workMs + entry.tookMs;
  if (entry.kind === 'outcome') return { ...used, toolCalls: used.toolCalls + 1, workMs };
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = entry.usage;
  const tokens = used.tokens + inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
  return { ...used, modelCalls: used.modelCalls + 1, tokens, workMs };
}

/** The first bound that is met, or null. */
export const metBound = (used: Used, bounds: Bounds): BoundName | null =>
  BOUND_NAMES.find((name) => used[name] >= bounds[name]) ?? null;

/** From this share of a bound on, the model is told. */
const NEAR = 0.8;

/** The bounds that came near between two moments: each is told once. */
export const newlyNear = (before: Used, after: Used, bounds: Bounds): readonly BoundName[] =>
  BOUND_NAMES.filter((name) => before[name] < NEAR * bounds[name] && after[name] >= NEAR * bounds[name]);

const WORDS: Readonly<Record<BoundName, (count: number) => string>> = {
  modelCalls: (count) => `${count} answers`,
  toolCalls: (count) => `${count} calls of tools`,
  tokens: (count) => `${count.toLocaleString('en-US')} tokens`,
  workMs: (count) => `${Math.round(count / 60_000)} minutes of work`,
};

const wordsOf = (name: BoundName, count: number): string => WORDS[name](count);

export const nearNote = (name: BoundName, used: Used, bounds: Bounds): string =>
  `You have used ${wordsOf(name, used[name])} of the ${wordsOf(name, bounds[name])} that this task may take. Bring it to an end, and hand in your answer with finish before they are used up.`;

export const metNote = (name: BoundName, bounds: Bounds): string =>
  `This task has used up its ${wordsOf(name, bounds[name])}. No other tool is executed any more: hand in with finish what you have now, and say in it what is missing.`;
