import { expect, test } from 'vitest';
import { scopeInWords } from './scope-in-words.js';

test('a scope is told in words', () => {
  expect(scopeInWords(null)).toBe('all runs');
  expect(scopeInWords({})).toBe('all runs');
  expect(scopeInWords({ workflows: ['a', 'b'], labels: { team: 'red' }, own: true })).toBe(
    'runs of a, b, with team=red, submitted with it',
  );
});
