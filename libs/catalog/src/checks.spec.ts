import type { Json, JsonObject } from '@baton/contracts';
import { checkSchema, checkValue } from '@baton/threads';
import type { WorkflowDocument } from '@baton/workflow';
import { describe, expect, test } from 'vitest';
import { document } from './testing/document.js';

const checkInput = ({ input: schema }: WorkflowDocument, input: Json) =>
  schema === undefined ? [] : checkValue(JSON.stringify(schema), input);
const checkInputSchema = ({ input }: WorkflowDocument) =>
  input === undefined ? [] : checkSchema(JSON.stringify(input));

test('an input that fits has no findings', () => {
  expect(checkInput(document, { requirements: 'count words', language: 'python' })).toEqual([]);
});

test('a workflow without a schema takes any object', () => {
  const { input: _, ...without } = document;
  expect(checkInput(without, { anything: [1] })).toEqual([]);
});

test('every finding points at its place', () => {
  expect(checkInput(document, { language: 'cobol', 'a/b~c': 1 })).toEqual(
    expect.arrayContaining([
      { pointer: '/requirements', detail: 'is required' },
      { pointer: '/a~1b~0c', detail: 'is not a known property' },
      { pointer: '/language', detail: 'must be one of ["typescript","python"]' },
    ]),
  );
});

test('a wrong type is named', () => {
  expect(checkInput(document, { requirements: 5 })).toEqual([{ pointer: '/requirements', detail: 'must be string' }]);
});

describe('an input schema', () => {
  const of = (input: JsonObject) => checkInputSchema({ ...document, input });

  test('that can be used has no findings', () => {
    expect(checkInputSchema(document)).toEqual([]);
    const { input: _, ...without } = document;
    expect(checkInputSchema(without)).toEqual([]);
  });
  test('that is none is pointed into', () => {
    expect(of({ type: 'object', properties: { a: { minLength: -1 } } })).toEqual([
      { pointer: '/properties/a/minLength', detail: 'must be >= 0' },
    ]);
  });
  test.each<[string, JsonObject]>([
    ['refers to what is not there', { $ref: '#/$defs/nowhere' }],
    ['is of a draft that is not known', { $schema: 'http://json-schema.org/draft-07/schema#' }],
    ['has a pattern that is none', { properties: { a: { pattern: '(' } } }],
  ])('that %s is refused', (_, input) => {
    expect(of(input)).toEqual([{ pointer: '', detail: expect.stringContaining('is not a schema that can be used') }]);
  });
});
