import { describe, expect, test } from 'vitest';
import { coverage, likeness, tellingWords } from './words.js';

describe('the words of a text', () => {
  test('are compared without case, common words and common endings', () => {
    expect(coverage('The columns are scaled', tellingWords('Scaling a column'))).toBe(1);
    expect(coverage('errors and warnings', tellingWords('an error'))).toBe(0.5);
  });

  test('of a script without spaces are compared by pairs of characters', () => {
    expect(coverage('ログイン', tellingWords('必ずログインする'))).toBe(1);
    expect(coverage('ログアウト', tellingWords('必ずログインする'))).toBeLessThan(0.6);
  });

  test('a sentence without telling words is covered by anything', () => {
    expect(coverage('… to be or not', tellingWords(''))).toBe(1);
  });

  test('two sentences are alike by what they share of all they have', () => {
    expect(likeness('one two three', 'three two one')).toBe(1);
    expect(likeness('red green', 'green blue')).toBeCloseTo(1 / 3);
    expect(likeness('', '')).toBe(0);
  });
});
