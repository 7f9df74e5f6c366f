import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText } from './canonical-text.js';
import { isSameJson } from './same-json.js';

const few = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, -0, 1, '', 'a', '0', undefined),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'), { maxKeys: 2 }),
  ),
})).value;

const withoutUndefined = (value: unknown): unknown => (value === undefined ? value : JSON.parse(JSON.stringify(value)));

test('is true exactly where the canonical texts are the same', () => {
  const json = few.map(withoutUndefined);
  const isAsTexts = (a: unknown, b: unknown): void => {
    expect(isSameJson(a, b)).toBe(canonicalText(a) === canonicalText(b));
  };
  fc.assert(fc.property(json, json, isAsTexts), { numRuns: 2_000 });
});

test('a copy is the same, and a copy with one more member is not', () => {
  const isItsCopy = (value: unknown): void => {
    const copy: unknown = JSON.parse(JSON.stringify(value));
    expect(isSameJson([value], [copy])).toBe(true);
    expect(isSameJson({ value }, { value: copy, more: null })).toBe(false);
  };
  fc.assert(fc.property(fc.jsonValue(), isItsCopy));
});

test('takes what is nested too deeply to be recursed into', () => {
  const deep = (): unknown => Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], null);
  expect(isSameJson(deep(), deep())).toBe(true);
});
