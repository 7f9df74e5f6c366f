import { describe, expect, it } from 'vitest';
import { toError } from './errors.js';

const hostile = (): never => {
  throw new Error('do not look');
};
const circular: Record<string, unknown> = {};
circular.self = circular;

describe('toError', () => {
  it('leaves an error as it is', () => {
    const error = new TypeError('x');
    expect(toError(error)).toBe(error);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'x', 'x'],
    ['an object', { a: 1 }, '{"a":1}'],
    ['nothing', undefined, 'undefined'],
    ['a cycle', circular, '[object Object]'],
    ['a bigint', 10n, '10'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['an error whose message is a list', Object.assign(new Error(), { message: ['a'] }), '["a"]'],
    [
      'an object without a prototype that holds itself',
      Object.assign(Object.create(null), circular),
      expect.any(String),
    ],
    ['a property that throws', Object.defineProperty(new Error('x'), 'message', { get: hostile }), expect.any(String)],
    ['a proxy that throws', new Proxy({}, { get: hostile, getPrototypeOf: hostile }), expect.any(String)],
  ])('makes an error of %s', (_, thrown, message) => {
    const error = toError(thrown);
    expect([error.name, error.message]).toEqual(['Error', message]);
  });
});
