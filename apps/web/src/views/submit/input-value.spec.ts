import { describe, expect, test } from 'vitest';
import { begunWith, emptyOf, optionOf, pointerOf, problemsIn, valueAt, withValueAt } from './input-value.js';
import { fieldsOf } from './schema-fields.js';

describe('a value of the form', () => {
  test('is set where it belongs, and the others stay where they are', () => {
    const value = { a: 1, deep: { x: 1 }, list: ['p', 'q'] };
    expect(withValueAt(value, ['a'], 2)).toEqual({ ...value, a: 2 });
    expect(Object.keys(withValueAt(value, ['a'], 2))).toEqual(['a', 'deep', 'list']);
    expect(withValueAt(value, ['deep', 'y', 'z'], true)).toEqual({ ...value, deep: { x: 1, y: { z: true } } });
    expect(withValueAt(value, ['list', 1], 'r')).toEqual({ ...value, list: ['p', 'r'] });
    expect(withValueAt({}, ['list', 0, 'name'], 'n')).toEqual({ list: [{ name: 'n' }] });
    expect(value).toEqual({ a: 1, deep: { x: 1 }, list: ['p', 'q'] });
  });

  test('that is taken away leaves nothing empty behind', () => {
    expect(withValueAt({ a: 1, deep: { x: { y: 1 } } }, ['deep', 'x', 'y'], undefined)).toEqual({ a: 1 });
    expect(withValueAt({ list: ['p', 'q'] }, ['list', 0], undefined)).toEqual({ list: ['q'] });
    expect(withValueAt({ a: 1 }, ['a'], undefined)).toEqual({});
    expect(withValueAt({ list: [{ n: 1 }, { n: 2 }] }, ['list', 0, 'n'], undefined)).toEqual({ list: [{}, { n: 2 }] });
  });

  test('is read by its own members alone', () => {
    expect([valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b']), valueAt({}, ['constructor']), valueAt('x', ['a'])]).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });
});

test('a pointer names its place as the gateway does', () => {
  expect(pointerOf(['a/b', 0, 'c~d'])).toBe('/a~1b/0/c~0d');
});

const members = fieldsOf({
  type: 'object',
  required: ['text'],
  properties: {
    text: { type: 'string', maxLength: 3 },
    rounds: { type: 'integer', minimum: 1, maximum: 5 },
    files: {
      type: 'array',
      maxItems: 1,
      items: { type: 'object', required: ['path'], properties: { path: { type: 'string' } } },
    },
    either: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  },
});

test('what is wrong is said at its place', () => {
  expect(problemsIn(members, {})).toEqual([{ pointer: '/text', detail: 'is required' }]);
  const value = { text: 'long', rounds: 1.5, files: [{}, { path: 1 }], either: ['a'] };
  expect(problemsIn(members, value).map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual([
    '/text must have at most 3 characters',
    '/rounds must be a whole number',
    '/files must have at most 1 items',
    '/files/0/path is required',
    '/files/1/path must be a text',
  ]);
  expect(problemsIn(members, { text: 'ok', rounds: 9 })[0]?.detail).toBe('must be at most 5');
});

test('a value says which of several forms it has', () => {
  const either = members.find(({ name }) => name === 'either')?.field;
  const options = either?.kind === 'one-of' ? either.options : [];
  expect([optionOf(options, 'x'), optionOf(options, []), optionOf(options, undefined)]).toEqual([0, 1, 0]);
  expect(options.map(emptyOf)).toEqual(['', []]);
});

const [where] = fieldsOf({
  type: 'object',
  properties: {
    where: {
      oneOf: [
        {
          title: 'File',
          type: 'object',
          required: ['kind'],
          properties: { kind: { const: 'file' }, path: { type: 'string' } },
        },
        {
          title: 'Page',
          type: 'object',
          required: ['kind'],
          properties: { kind: { const: 'page' }, url: { type: 'string' } },
        },
      ],
    },
  },
});

test('forms of objects are told apart by what they hold, and begin with what can be one thing only', () => {
  const options = where?.field.kind === 'one-of' ? where.field.options : [];
  expect([optionOf(options, { kind: 'page' }), optionOf(options, { url: 'x' }), optionOf(options, {}, 1)]).toEqual([
    1, 1, 1,
  ]);
  expect(optionOf(options, { kind: 'file' }, 1)).toBe(0);
  expect(options.map(begunWith)).toEqual([{ kind: 'file' }, { kind: 'page' }]);
});

test('null is a value that can be chosen', () => {
  const [name] = fieldsOf({ type: 'object', properties: { name: { type: ['string', 'null'] } } });
  const options = name?.field.kind === 'one-of' ? name.field.options : [];
  expect([optionOf(options, 'x'), optionOf(options, null)]).toEqual([0, 1]);
  expect(options.map(begunWith)).toEqual([undefined, null]);
  expect(problemsIn(name === undefined ? [] : [name], { name: null })).toEqual([]);
});
