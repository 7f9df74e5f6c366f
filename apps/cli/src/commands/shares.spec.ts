import type { ConversationEntry } from '@baton/contracts';
import { expect, test } from 'vitest';
import { sharesOf } from './shares.js';

const answer: ConversationEntry = {
  kind: 'answer',
  text: '',
  content: [],
  calls: [{ id: 'c1', name: 'read', input: {} }],
  stopReason: 'tool_use',
  model: 'm',
  usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
  requestId: null,
  tookMs: 1,
};
const opening = (parts?: { name: string; characters: number }[]): ConversationEntry => ({
  kind: 'opening',
  system: '',
  prompt: '',
  tools: [],
  ...(parts === undefined ? {} : { parts }),
});
const outcome: ConversationEntry = {
  kind: 'outcome',
  callId: 'c1',
  text: 'x'.repeat(196),
  isError: false,
  changes: [],
  tookMs: 1,
};

test('what was said early was sent with every call after it', () => {
  const parts = [
    { name: 'repository', characters: 300 },
    { name: 'plan', characters: 100 },
  ];
  // Twice 300 and 100, once 196 and the two brackets of an empty answer.
  expect(sharesOf([opening(parts), answer, outcome, answer])).toEqual([
    '',
    'of what was sent: repository 60 %, plan 20 %, outcomes of read 20 %',
  ]);
});

test('nothing is said of a conversation of before, and of one without an answer', () => {
  expect(sharesOf([opening(), answer])).toEqual([]);
  expect(sharesOf([opening([{ name: 'plan', characters: 5 }])])).toEqual([]);
});
