import type { JsonObject } from '@baton/contracts';
import { request } from '@baton/llm/testing';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createOfflineModel } from '../offline-model.js';
import { fitSchema } from './fit-schema.js';

const TEXT = 'I was charged twice. Please refund the second invoice! The app works well.';
const departments = {
  enum: ['technical', 'billing', 'sales', 'other'],
  description: 'technical: errors, crashes; billing: invoices, refunds, charges; sales: prices, offers',
};

describe('an answer that fits a schema', () => {
  it('chooses an option by the words of the text, and the last one where none fits', () => {
    expect(fitSchema(departments, TEXT)).toBe('billing');
    expect(fitSchema(departments, 'It crashed with an error.')).toBe('technical');
    expect(fitSchema(departments, 'Good morning.')).toBe('other');
    const oneOf = [
      { const: 'urgent', description: 'refunds' },
      { const: 'later', description: 'nothing' },
    ];
    expect(fitSchema({ oneOf }, TEXT)).toBe('urgent');
  });

  it('is made of excerpts, each another one', () => {
    expect(fitSchema({ type: 'array', items: { type: 'string' } }, TEXT)).toEqual([
      'I was charged twice.',
      'Please refund the second invoice!',
      'The app works well.',
    ]);
    const summary = { type: 'object', properties: { app: { type: 'string', maxLength: 12 } } };
    expect(fitSchema(summary, TEXT)).toEqual({ app: 'The app' });
  });

  it('follows references, also of a schema that contains itself', () => {
    const node: JsonObject = {
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
      $ref: '#/$defs/node',
    };
    expect(fitSchema(node, TEXT)).toHaveProperty('next.next');
    const endless = { $defs: { a: { type: 'object', required: ['a'], properties: { a: { $ref: '#/$defs/a' } } } } };
    expect(() => fitSchema({ ...endless, $ref: '#/$defs/a' }, TEXT)).toThrow('without an end');
  });

  it('has the form and length a string must have, or says that it finds none', () => {
    expect(fitSchema({ type: 'string', format: 'date' }, TEXT)).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(fitSchema({ type: 'string', pattern: '^[a-z]+-\\d$' }, TEXT)).toBe('answer-1');
    expect(String(fitSchema({ type: 'string', minLength: 300 }, TEXT)).length).toBeGreaterThanOrEqual(300);
    expect(() => fitSchema({ type: 'string', pattern: '^§$' }, TEXT)).toThrow('no excerpt');
  });

  test('numbers lie within their bounds, whatever these are', () => {
    const bound = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(bound, fc.nat(40), fc.boolean(), fc.string(), (minimum, width, isExclusive, text) => {
        const maximum = minimum + width + 2;
        const [low, high] = isExclusive ? ['exclusiveMinimum', 'exclusiveMaximum'] : ['minimum', 'maximum'];
        const schema = { type: 'integer', [low]: minimum, [high]: maximum };
        const value = Number(fitSchema(schema, text));
        expect(Number.isInteger(value)).toBe(true);
        expect(value >= minimum && value <= maximum).toBe(true);
        if (isExclusive) expect(value !== minimum && value !== maximum).toBe(true);
      }),
    );
  });

  it('is what the offline model gives the prompt worker, the same each time', async () => {
    const call = createOfflineModel({ delayMs: 0 });
    const jsonSchema = { type: 'object', properties: { department: departments, score: { type: 'number' } } };
    const asked = { ...request, agent: 'prompt', variables: { mail: TEXT }, output: { name: 'answer', jsonSchema } };
    const [one, other] = await Promise.all([1, 2].map(() => call(asked, new AbortController().signal)));
    expect(one).toEqual(other);
    expect(one).toMatchObject({ model: 'offline' });
    expect(JSON.parse(one?.text ?? '')).toEqual({ department: 'billing', score: expect.any(Number) });
  });
});

const twice = (depth: number, of: (name: string) => object) =>
  Object.fromEntries([
    ['p0', { type: 'string' }],
    ...Array.from({ length: depth }, (_, index) => [`p${index + 1}`, of(`#/$defs/p${index}`)]),
  ]);

test.each<[string, JsonObject]>([
  ['a list of a billion', { type: 'array', minItems: 1e9, items: { type: 'integer' } }],
  ['a billion of the same, each once', { type: 'array', minItems: 1e9, uniqueItems: true, items: { const: 1 } }],
  [
    'lists of lists of lists',
    {
      type: 'array',
      minItems: 1e3,
      items: { type: 'array', minItems: 1e3, items: { type: 'array', minItems: 1e3, items: { type: 'null' } } },
    },
  ],
  ['a text of thirty million characters', { type: 'string', minLength: 30_000_000 }],
  ['many long texts', { type: 'array', minItems: 1e4, items: { type: 'string', minLength: 9e5 } }],
  [
    'parts that each name another one twice',
    {
      $ref: '#/$defs/p40',
      $defs: twice(40, ($ref) => ({ type: 'object', required: ['a', 'b'], properties: { a: { $ref }, b: { $ref } } })),
    },
  ],
  ['the same in allOf', { $ref: '#/$defs/p40', $defs: twice(40, ($ref) => ({ allOf: [{ $ref }, { $ref }] })) }],
  ['a reference to itself', { $ref: '#' }],
  ['a pattern that takes for ever', { type: 'string', pattern: '^(a|aa)+$' }],
])('a schema that asks for %s is given up soon', (_, schema) => {
  const text = `${'a'.repeat(60)}! hello\n`.repeat(40);
  expect(() => expect(() => fitSchema(schema, text)).toThrow(/finds no/)).toComputeWithin(1_500);
});
