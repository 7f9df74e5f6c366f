import { expect, test } from 'vitest';
import type { Turn } from './progress.js';
import { tellTurns } from './told.js';

const turnOf = (size: number, index: number): Turn => ({
  answer: {
    kind: 'answer',
    text: '',
    content: [{ type: 'text', text: `t${index}` }],
    calls: [{ id: `c${index}`, name: 'read', input: {} }],
    stopReason: 'tool_use',
    model: 'm',
    usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
    requestId: null,
    tookMs: 0,
  },
  calls: [{ id: `c${index}`, name: 'read', input: {} }],
  outcomes: [{ kind: 'outcome', callId: `c${index}`, text: 'x'.repeat(size), isError: false, changes: [], tookMs: 0 }],
  notes: [],
});

const telling = { bringsData: () => true, salt: 'run', mostCharacters: 10_000 };
const turns = (count: number): readonly Turn[] => Array.from({ length: count }, (_, index) => turnOf(1_000, index));
const dropped = (count: number): number =>
  tellTurns(turns(count), telling).filter(({ outcomes }) => outcomes[0]?.text.includes('were dropped')).length;

test('old outcomes are dropped in large steps, so that what is sent again stays the same for many turns', () => {
  expect(Array.from({ length: 22 }, (_, index) => dropped(index + 1))).toEqual([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6, 6, 12, 12, 12, 12, 12, 12,
  ]);
  const before = JSON.stringify(tellTurns(turns(12), telling));
  const after = JSON.stringify(tellTurns(turns(13), telling));
  expect(after.startsWith(before.slice(0, -1))).toBe(true);
});

test('the newest outcome stays, whatever its size, and what was dropped says what it was', () => {
  const told = tellTurns([turnOf(9_000, 0), turnOf(50_000, 1)], telling);
  expect(told[0]?.outcomes[0]?.text).toBe(
    '[9000 characters of an earlier read were dropped; call it again for what you need]',
  );
  expect(told[1]?.outcomes[0]?.text.length).toBeGreaterThan(50_000);
});

test('what a tool brings in is data also where it failed; what was never executed is our own word', () => {
  const [turn] = [turnOf(10, 0)];
  const [outcome] = turn.outcomes;
  if (outcome === undefined) throw new Error('no outcome');
  const failed = { ...turn, outcomes: [{ ...outcome, isError: true }] };
  expect(tellTurns([failed], telling)[0]?.outcomes[0]?.text).toMatch(/^BEGIN DATA read [0-9a-f]{12}\n/);
  const held = { ...turn, outcomes: [{ ...outcome, isError: true, heldBack: 'why' }] };
  expect(tellTurns([held], telling)[0]?.outcomes[0]?.text).toBe('x'.repeat(10));
});
