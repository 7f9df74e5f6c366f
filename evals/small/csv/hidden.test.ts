import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from './src/csv.ts';

test('plain fields', () => {
  assert.deepEqual(parseLine('a, b,,c'), ['a', ' b', '', 'c']);
  assert.deepEqual(parseLine(''), ['']);
  assert.deepEqual(parseLine(','), ['', '']);
});
test('quoted fields', () => {
  assert.deepEqual(parseLine('"a,b",c'), ['a,b', 'c']);
  assert.deepEqual(parseLine('"she said ""no""",""'), ['she said "no"', '']);
  assert.deepEqual(parseLine('""""'), ['"']);
});
test('what is no CSV is refused, with its column', () => {
  assert.throws(() => parseLine('a,b"c'), { name: 'SyntaxError', message: /\b4\b/ });
  assert.throws(() => parseLine('"a"b,c'), { name: 'SyntaxError', message: /\b4\b/ });
  assert.throws(() => parseLine('a,"b'), SyntaxError);
});
