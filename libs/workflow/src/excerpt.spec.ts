import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText, excerptOf } from './excerpt.js';

test('a text is cut with a sign, and never within a character', () => {
  expect(cutText('short', 5)).toBe('short');
  expect(cutText('a longer text', 6)).toBe('a lo …');
  expect(cutText('ab\u{1F600}cd', 5)).toBe('ab …');
});

test('a value that fits is itself', () => {
  const value = { a: [1, null, 'x'], b: { c: true } };
  expect(excerptOf(value, 100)).toEqual({ value, isCut: false });
});

test('what does not fit is left out from its end, and the excerpt says that it is one', () => {
  expect(excerptOf({ list: ['aaaa', 'bbbb', 'cccc'], rest: 1 }, 25)).toEqual({
    value: { list: ['aaaa', 'b …'] },
    isCut: true,
  });
});

test('an excerpt of anything is JSON of no more than its bound, and of what fits nothing is lost', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 12 }), fc.integer({ min: 4, max: 400 }), (given, most) => {
      const value = JSON.parse(JSON.stringify(given));
      const { value: part, isCut } = excerptOf(value, most);
      expect(JSON.stringify(part).length).toBeLessThanOrEqual(most);
      if (!isCut) expect(part).toEqual(value);
    }),
    { numRuns: 500 },
  );
});
