import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, canonicalSha256 } from './canonical-json.js';

test('the text means the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(normal(value));
    }),
  );
});

test('the order of properties makes no difference', () => {
  const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(canonicalSha256(reversed(value))).toBe(canonicalSha256(value));
    }),
  );
});

test('a property that is undefined is the same as none', () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
});

test('a number is written as JSON writes it', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(canonicalJson(value)).toBe(JSON.stringify(value));
    }),
  );
});

/** JSON has no -0. */
const normal = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
