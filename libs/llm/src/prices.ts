/** What a model costs from a day on, in US dollars per million tokens. */
export interface ModelPrice {
  readonly model: string;
  /** RFC 3339 instant; of several prices of a model the newest that has begun counts. */
  readonly effectiveFrom: string;
  readonly rates: TokenRates;
  /** Where long prompts cost more: a call whose whole prompt is longer than this pays these rates for every token. */
  readonly longPrompt?: { readonly aboveTokens: number; readonly rates: TokenRates };
}

/** Six decimals at most: a cost is summed in whole pico-dollars a token. */
export interface TokenRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Caches that live five minutes: the ones our calls ask for. */
  readonly cacheWrite: number;
}

/** A model whose price never changed and that has no other for long prompts. */
const legacy = (model: string, input: number, output: number, cacheRead: number, cacheWrite: number): ModelPrice => ({
  model,
  effectiveFrom: '2024-01-01T00:00:00Z',
  rates: { input, output, cacheRead, cacheWrite },
});

/** Models before those of today, by the pricing page of platform.claude.com. Its last reading of them all is of February 2026. */
const LEGACY_PRICES: readonly ModelPrice[] = [
  legacy('claude-opus-4-6', 5, 25, 0.5, 6.25),
  legacy('claude-opus-4-5', 5, 25, 0.5, 6.25),
  legacy('claude-opus-4-1', 15, 75, 1.5, 18.75),
  legacy('claude-opus-4', 15, 75, 1.5, 18.75),
  legacy('claude-opus-4-0', 15, 75, 1.5, 18.75),
  legacy('claude-sonnet-4-6', 3, 15, 0.3, 3.75),
  legacy('claude-sonnet-4-5', 3, 15, 0.3, 3.75),
  legacy('claude-sonnet-4', 3, 15, 0.3, 3.75),
  legacy('claude-sonnet-4-0', 3, 15, 0.3, 3.75),
  legacy('claude-3-7-sonnet', 3, 15, 0.3, 3.75),
  legacy('claude-haiku-4-5', 1, 5, 0.1, 1.25),
  legacy('claude-3-5-haiku', 0.8, 4, 0.08, 1),
  legacy('claude-3-haiku', 0.25, 1.25, 0.03, 0.3),
];

/**
 * As of 2026-11-21. Sources: the model pages of platform.claude.com; the cut of Sonnet's cache reads, the long prompts of
 * Haiku and Fable 5.2 come from changelogs that re-read those pages in October 2026.
 */
export const PRICES: readonly ModelPrice[] = [
  {
    model: 'claude-opus-5-5',
    effectiveFrom: '2026-09-22T00:00:00Z',
    rates: { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
  },
  {
    model: 'claude-sonnet-5-5',
    effectiveFrom: '2026-09-28T00:00:00Z',
    rates: { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  },
  {
    model: 'claude-sonnet-5-5',
    effectiveFrom: '2026-10-07T00:00:00Z',
    rates: { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
  },
  {
    model: 'claude-haiku-5-5',
    effectiveFrom: '2026-10-07T00:00:00Z',
    rates: { input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 },
    longPrompt: {
      aboveTokens: 100_000,
      rates: { input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 },
    },
  },
  {
    model: 'claude-fable-5-1',
    effectiveFrom: '2026-09-01T00:00:00Z',
    rates: { input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5 },
  },
  {
    model: 'claude-fable-5-2',
    effectiveFrom: '2026-11-09T00:00:00Z',
    rates: { input: 8, output: 40, cacheRead: 0.2, cacheWrite: 10 },
  },
  {
    model: 'claude-opus-5',
    effectiveFrom: '2026-07-24T00:00:00Z',
    rates: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  },
  {
    model: 'claude-sonnet-5',
    effectiveFrom: '2026-06-30T00:00:00Z',
    rates: { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  },
  ...LEGACY_PRICES,
  {
    model: 'offline',
    effectiveFrom: '1970-01-01T00:00:00Z',
    rates: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  },
];
