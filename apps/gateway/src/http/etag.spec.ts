import { expect, test } from 'vitest';
import { etagOf, matchesEtag } from './etag.js';

test.each([
  ['"v3"', true],
  ['W/"v3"', true],
  ['"v1", "v3"', true],
  ['*', true],
  ['"v33"', false],
  ['v3', false],
  [undefined, false],
])('If-None-Match %s of version 3: %s', (header, expected) => {
  expect(matchesEtag(header, etagOf(3))).toBe(expected);
});
