import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { fieldsOf } from './schema-fields.js';

const kindsOf = (schema: JsonObject) =>
  Object.fromEntries(fieldsOf(schema).map(({ name, field }) => [name, field.kind]));

test('each member becomes the field that fits it, those that are required first', () => {
  const fields = fieldsOf({
    type: 'object',
    required: ['requirements', 'count'],
    properties: {
      language: { enum: ['typescript', 'python'], default: 'typescript', description: 'Which.' },
      count: { type: 'integer', minimum: 1, maximum: 9, examples: [3] },
      isFast: { type: 'boolean' },
      docs: { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: 5 },
      thresholds: { type: 'object', properties: { alignment: { type: 'number', default: 9 } } },
      requirements: { type: 'string', minLength: 1, pattern: '\\S' },
    },
  });
  expect(fields.map(({ name, field }) => `${name} ${field.kind}`)).toEqual([
    ...['count number', 'requirements text', 'language choice', 'isFast switch', 'docs list', 'thresholds object'],
  ]);
  expect(fields[0]?.field).toMatchObject({ isWhole: true, least: 1, most: 9, isRequired: true, examples: [3] });
  expect(fields[1]?.field).toMatchObject({ isLong: true });
  expect(fields[2]?.field).toMatchObject({
    fallback: 'typescript',
    description: 'Which.',
    options: ['typescript', 'python'],
  });
});

test('one of several forms is chosen by its kind', () => {
  const [standards] = fieldsOf({
    type: 'object',
    properties: { standards: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } },
  });
  const field = standards?.field;
  expect(field?.kind === 'one-of' ? field.options.map(({ label, kind }) => [label, kind]) : null).toEqual([
    ['Text', 'text'],
    ['List', 'list'],
  ]);
});

test('what a form cannot show is written as JSON, for that member alone', () => {
  const text = { type: 'string' };
  const properties = {
    ...{ any: { description: 'Anything.' }, rows: { type: 'array', items: { type: 'object' } } },
    ...{ map: { type: 'object', additionalProperties: text }, several: { type: ['string', 'object'] }, text },
    ...{ mixed: { oneOf: [{ type: 'string' }, {}] } },
  };
  expect(kindsOf({ type: 'object', properties })).toEqual({
    ...{ any: 'json', rows: 'json', map: 'json', several: 'json', text: 'text', mixed: 'json' },
  });
});

test('references within the schema are followed, and one that leads round ends as JSON', () => {
  const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' } } };
  const schema = { $defs: { node, loop: { $ref: '#/$defs/loop' } }, type: 'object' };
  const properties = { node: { $ref: '#/$defs/node' }, loop: { $ref: '#/$defs/loop' }, far: { $ref: 'https://x' } };
  expect(kindsOf({ ...schema, properties })).toEqual({ node: 'object', loop: 'json', far: 'json' });
});

test.each<[string, JsonObject, boolean]>([
  ['text', { type: 'string', maxLength: 50_000 }, true],
  ['title', { type: 'string', maxLength: 300 }, false],
  ['path', { type: 'string' }, false],
  ['content', { type: 'string' }, true],
  ['text', { type: 'string', format: 'date' }, false],
  ['text', { type: 'string', pattern: '^[a-z]+$' }, false],
])('whether %s with %j is written on several lines is told by its bound and its name', (name, schema, isLong) => {
  expect(fieldsOf({ type: 'object', properties: { [name]: schema } })[0]?.field).toMatchObject({ isLong });
});

test('an input without a schema has no fields', () => {
  expect([fieldsOf({}), fieldsOf({ type: 'object' })]).toEqual([[], []]);
});

test('what may also be null has a form for that, and one of several types a form for each', () => {
  const [name, many] = fieldsOf({
    type: 'object',
    properties: {
      name: { type: ['string', 'null'], description: 'How it is called.', maxLength: 9 },
      many: { anyOf: [{ type: 'integer', maximum: 3 }, { type: 'null' }] },
    },
  });
  expect(name?.field).toMatchObject({
    ...{ kind: 'one-of', label: 'name', description: 'How it is called.' },
    options: [
      { kind: 'text', label: 'Text', most: 9 },
      { kind: 'choice', label: 'Nothing (null)', options: [null] },
    ],
  });
  expect(many?.field).toMatchObject({ kind: 'one-of', options: [{ kind: 'number', most: 3 }, { kind: 'choice' }] });
});
