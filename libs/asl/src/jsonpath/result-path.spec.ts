import { expect, test } from 'vitest';
import type { Json } from '../json.js';
import { placeResult } from './result-path.js';

test.each<[string | null | undefined, Json, Json]>([
  [undefined, { a: 1 }, 'r'],
  ['$', { a: 1 }, 'r'],
  [null, { a: 1 }, { a: 1 }],
  ['$.b', { a: 1 }, { a: 1, b: 'r' }],
  ['$.a', { a: 1 }, { a: 'r' }],
  ['$.b.c.d', { a: 1 }, { a: 1, b: { c: { d: 'r' } } }],
  ["$['x y']", {}, { 'x y': 'r' }],
  ['$.l[1]', { l: [1, 2] }, { l: [1, 'r'] }],
  ['$.__proto__', {}, JSON.parse('{"__proto__":"r"}')],
])('ResultPath %s into %j', (path, input, expected) => {
  const before = JSON.stringify(input);
  expect(JSON.stringify(placeResult(path, input, 'r')?.value)).toBe(JSON.stringify(expected));
  expect(JSON.stringify(input)).toBe(before);
});

test.each([['$.a.b'], ['$.l[5]'], ['$.l[*]'], ['$$.x'], ['$v.x'], ['$..a']])(
  '%s is no place to put a result',
  (path) => {
    expect(placeResult(path, { a: 1, l: [] }, 'r')).toBeNull();
  },
);
