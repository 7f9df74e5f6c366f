import { expect, test } from 'vitest';
import { isPlainSchema } from './plain-schema.js';

test('a schema of types, names and bounds is plain', () => {
  const properties = { a: { type: 'string', maxLength: 5 }, b: { type: 'array', items: { enum: [1, 2] } } };
  expect(isPlainSchema({ type: 'object', properties, required: ['a'], additionalProperties: false })).toBe(true);
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
  expect(isPlainSchema(schema)).toBe(false);
});
