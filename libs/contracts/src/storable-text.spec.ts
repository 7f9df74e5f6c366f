import { expect, test } from 'vitest';
import { storableText } from './storable-text.js';

test.each([
  ['plain, ünïcode 🚀', 'plain, ünïcode 🚀'],
  ['a\u0000b', 'a\uFFFDb'],
  ['half \ud800, other half \udc00', 'half \uFFFD, other half \uFFFD'],
])('%j is stored as %j', (text, stored) => {
  expect(storableText(text)).toBe(stored);
});
