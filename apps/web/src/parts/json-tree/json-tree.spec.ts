import { describe, expect, test } from 'vitest';
import { aboveOf, linesOf, type Opened, pathOf } from './json-lines.js';
import { searchJson } from './json-search.js';

const opened = (levels = 1, byHand: Record<string, boolean> = {}): Opened => ({
  byHand: new Map(Object.entries(byHand)),
  forSearch: new Set(),
  levels,
});
const pointers = (value: unknown, given: Opened): string[] => linesOf(value, given).map(({ pointer }) => pointer);

describe('the lines of a value', () => {
  test('are the value itself and what is in it, in its order', () => {
    expect(pointers({ b: 1, a: [true, null] }, opened(2))).toEqual(['', '/b', '/a', '/a/0', '/a/1']);
  });

  test('leave out what is closed', () => {
    expect(pointers({ a: [1], b: 2 }, opened(3, { '/a': false }))).toEqual(['', '/a', '/b']);
  });

  test('have what is opened by hand, below the levels that are open at first', () => {
    expect(pointers({ a: { b: { c: 1 } } }, opened(1, { '/a': true }))).toEqual(['', '/a', '/a/b']);
  });

  test('keep a long list closed at first, and have all of it once it is opened', () => {
    const value = { list: Array.from({ length: 200_000 }, (_, at) => at) };
    expect(linesOf(value, opened(3))).toHaveLength(2);
    expect(linesOf(value, opened(3, { '/list': true }))).toHaveLength(200_002);
  });

  test('stand a name that looks like a path', () => {
    expect(pointers({ 'a/b~c': 1 }, opened())).toEqual(['', '/a~1b~0c']);
  });

  test('stand a value that is nested deeper than calls can be', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 20_000; level++) deep = [deep];
    expect(linesOf(deep, opened())).toHaveLength(2);
    expect(searchJson(deep, 'end').found).toHaveLength(1);
  });

  test('of a value that holds nothing are one', () => {
    expect(linesOf('text', opened())).toMatchObject([{ pointer: '', size: null, isOpen: false }]);
    expect(linesOf({}, opened())).toMatchObject([{ size: 0, isOpen: false }]);
  });
});

test('a path reads as an expression of a workflow has it', () => {
  const lines = linesOf({ frames: [{ 'odd name': { x_1: 1 } }] }, opened(9));
  expect(lines.map(pathOf).at(-1)).toBe('$.frames[0].`odd name`.x_1');
  expect(lines.map(pathOf).at(0)).toBe('$');
});

test('everything above a place leads to the whole', () => {
  expect(aboveOf('/a/b/0')).toEqual(['/a/b', '/a', '']);
  expect(aboveOf('')).toEqual([]);
});

describe('a search', () => {
  const value = { Name: 'x', list: [{ text: 'the name of it' }, { other: 12 }], flag: null };

  test('finds names and texts, whatever their case, and says what is above them', () => {
    const { found, above, isCut } = searchJson(value, ' NAME ');
    expect(found).toEqual(['/Name', '/list/0/text']);
    expect([...above].sort()).toEqual(['', '/list', '/list/0']);
    expect(isCut).toBe(false);
  });

  test('finds numbers and null as they are written', () => {
    expect(searchJson(value, '12').found).toEqual(['/list/1/other']);
    expect(searchJson(value, 'null').found).toEqual(['/flag']);
  });

  test('for nothing finds nothing', () => {
    expect(searchJson(value, '  ').found).toEqual([]);
  });

  test('ends at a thousand, and says so', () => {
    const many = Array.from({ length: 300_000 }, () => 'same');
    expect(searchJson(many, 'same')).toMatchObject({ found: { length: 1_000 }, isCut: true });
  });
});
