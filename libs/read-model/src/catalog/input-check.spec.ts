import { expect, test } from 'vitest';
import { document } from '../testing/events.js';
import { checkInput } from './input-check.js';

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
