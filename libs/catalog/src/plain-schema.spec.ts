import { expect, test } from 'vitest';
import { isQuick, plainSize } from './plain-schema.js';

test('a schema of types, names and bounds is plain', () => {
  const properties = { a: { type: 'string', maxLength: 5 }, b: { type: 'array', items: { enum: [1, 2] } } };
  expect(plainSize({ type: 'object', properties, required: ['a'], additionalProperties: false })).toBe(15);
});

test.each([
  ['a pattern', { properties: { a: { pattern: 'x' } } }],
  ['items that must be unique', { items: { uniqueItems: true } }],
  ['a reference', { $ref: '#' }],
  ['very many properties', { properties: Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`p${n}`, {}])) }],
  [
    'very many alternatives',
    {
      anyOf: Array.from({ length: 3 }, () => ({
        items: { oneOf: Array.from({ length: 9 }, () => ({ anyOf: [{}] })) },
      })),
    },
  ],
])('one with %s is not', (_what, schema) => {
  expect(plainSize(schema)).toBeNull();
});

test('a small input is checked in place, against whatever plain schema; a large one is where the schema is small', () => {
  const words = 'word '.repeat(40_000);
  expect(isQuick(300, { requirements: 'count words', language: 'python' })).toBe(true);
  expect(isQuick(20, { requirements: words })).toBe(true);
  expect(isQuick(205, { l: Array.from({ length: 300_000 }, () => ({})) })).toBe(false);
  expect(isQuick(25, { l: Array.from({ length: 200_000 }, (_, n) => n) })).toBe(false);
  expect(isQuick(300, { requirements: words })).toBe(false);
});
