import { MAX_NESTING } from '@baton/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toJson } from './to-json.js';

const ring: Record<string, unknown> = { a: {} };
ring.a = { back: ring };
const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

test.each<[unknown, string]>([
  [{ score: Number.NaN }, 'it is not JSON at score: NaN'],
  [{ items: [1, { size: Number.POSITIVE_INFINITY }] }, 'it is not JSON at items[1].size: Infinity'],
  [{ byName: new Map([['a', 1]]) }, 'it is not JSON at byName: a Map'],
  [[new Set([1])], 'it is not JSON at [0]: a Set'],
  [{ run: () => 1 }, 'it is not JSON at run: a function'],
  [{ mark: Symbol('x') }, 'it is not JSON at mark: a symbol'],
  [{ count: 1n }, 'it is not JSON at count: a bigint'],
  [{ list: [1, undefined] }, 'it is not JSON at list[1]: undefined'],
  [{ why: new Error('no') }, 'it is not JSON at why: an Error'],
  [{ bytes: new Uint8Array(2) }, 'it is not JSON at bytes: a Uint8Array'],
  [{ later: Promise.resolve(1) }, 'it is not JSON at later: a Promise'],
  [ring, 'it is not JSON at a.back: it leads back to what it stands in'],
  [undefined, 'it is not JSON: nothing came back'],
  [deep(MAX_NESTING), `it is not JSON that can be sent: it is nested deeper than ${MAX_NESTING - 1} levels`],
])('%o is refused with its place', (value, problem) => {
  expect(toJson(value)).toEqual({ ok: false, problem });
});

test('a throwing getter is refused', () => {
  const value = Object.defineProperty({}, 'x', {
    enumerable: true,
    get() {
      throw new Error('no');
    },
  });
  expect(toJson(value)).toEqual({ ok: false, problem: 'it is not JSON' });
});

test('what says how it is written, what stands twice and what is undefined are as JSON has them', () => {
  const shared = { a: 1 };
  const value = { at: new Date(0), one: shared, two: [shared, shared], none: undefined, empty: null };
  expect(toJson(value)).toEqual({
    ok: true,
    json: { at: '1970-01-01T00:00:00.000Z', one: { a: 1 }, two: [{ a: 1 }, { a: 1 }], empty: null },
  });
});

test('all of JSON goes through as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(JSON.stringify(toJson(value))).toBe(JSON.stringify({ ok: true, json: value }));
    }),
  );
});
