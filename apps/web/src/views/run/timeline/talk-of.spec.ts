import { expect, test } from 'vitest';
import { talkOf } from './talk-of.js';

test('a call that broke off counts, too, and tools have a time of their own', () => {
  const entries = [
    { kind: 'opening' as const },
    { kind: 'cut' as const, tookMs: 100 },
    { kind: 'answer' as const, tookMs: 900 },
    { kind: 'outcome' as const, tookMs: 50 },
  ];
  expect(talkOf(entries)).toEqual({ calls: 2, modelMs: 1_000, tools: 1, toolMs: 50 });
});
