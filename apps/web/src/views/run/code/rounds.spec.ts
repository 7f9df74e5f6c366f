import { expect, test } from 'vitest';
import { kindWord, roundIn, sizesOf } from './rounds.js';

const file = (mode: '100644' | '100755', size: number) => ({ path: 'a', mode, sha256: '0'.repeat(64), size });

test.each([
  ['round 2', 2],
  ['round 0', 0],
  ['code 2', undefined],
  ['round -1', undefined],
  [undefined, undefined],
])('the address says %s: that is the round %s', (text, round) => {
  expect(roundIn(text)).toBe(round);
});

test('what became of a file is said with its mode and its sizes', () => {
  const changed = { path: 'a', kind: 'changed' as const, before: file('100644', 10), after: file('100755', 2_048) };
  expect(kindWord(changed)).toBe('changed, can be run now');
  expect(sizesOf(changed)).toBe('10 B → 2.0 KiB');
  const added = { path: 'a', kind: 'added' as const, before: null, after: file('100644', 3) };
  expect(`${kindWord(added)}, ${sizesOf(added)}`).toBe('new, 3 B');
  const mode = { path: 'a', kind: 'mode' as const, before: file('100755', 3), after: file('100644', 3) };
  expect(kindWord(mode)).toBe('cannot be run any more');
});
