import { describe, expect, test } from 'vitest';
import { parseServers } from './run-options.js';

/** As the command line reads an option that is given so often. */
const read = (...words: readonly string[]) =>
  words.reduce<ReturnType<typeof parseServers> | undefined>((before, word) => parseServers(word, before), undefined);

describe('the servers that a run leaves its agents', () => {
  test('may be given in parts', () => {
    expect(read('docs, notes', 'issues:list')).toEqual(['docs', 'notes', 'issues:list']);
  });

  test('are none, where it says so', () => {
    expect(read('none')).toEqual([]);
    expect(read(' none ', 'none')).toEqual([]);
  });

  test.each([[['docs', 'none']], [['none', 'docs']], [['docs,none']], [['none,docs']], [['none', 'none', 'docs']]])(
    'are not none and others: %j',
    (words) => {
      expect(() => read(...words)).toThrow(/none stands alone/);
    },
  );
});
