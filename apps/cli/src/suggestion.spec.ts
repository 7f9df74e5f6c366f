import { expect, test } from 'vitest';
import { suggestion } from './suggestion.js';

test('a word that is near none is answered with all there are', () => {
  expect(suggestion('bananas', ['llm', 'shadow'], 'modes')).toBe('The modes are llm, shadow.');
  expect(suggestion('shadwo', ['llm', 'shadow'], 'modes')).toBe('Did you mean shadow? The modes are llm, shadow.');
});
