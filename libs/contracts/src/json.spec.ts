import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Json, JsonObject } from './json.js';

const odd = ['__proto__', 'constructor', 'toString', '\u0000', '\ud800', '😀', 'e\u0301', '', 'baton:json'];

test('whatever JSON holds goes through as it is, members of any name included', () => {
  const key = fc.oneof(fc.constantFrom(...odd), fc.string());
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.constantFrom(null, true, 0, -1.5, 1e308, ...odd),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((members) => Object.fromEntries(members)),
    ),
  }));
  fc.assert(
    fc.property(value, (made) => {
      const text = JSON.stringify(made);
      expect(JSON.stringify(Json.parse(JSON.parse(text)))).toBe(text);
      if (text.startsWith('{')) expect(JSON.stringify(JsonObject.parse(JSON.parse(text)))).toBe(text);
      else expect(JsonObject.safeParse(JSON.parse(text)).success).toBe(false);
    }),
  );
});

test.each([
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  () => 1,
  new Date(0),
  [undefined],
  { a: { b: 1n } },
  new Map(),
])('what JSON cannot hold is refused: %s', (value) => {
  expect(Json.safeParse(value).success).toBe(false);
  expect(JsonObject.safeParse(value).success).toBe(false);
});

test('nothing makes the check run for ever, or off the stack', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  expect(() => Json.safeParse(circle)).toComputeWithin(1_000);
  const round: unknown[] = [1, {}];
  round.push({ a: [{}, round] });
  expect(Json.safeParse(round).success).toBe(true);
  const shared = Array.from({ length: 60 }).reduce<unknown[]>((below) => [below, below], []);
  expect(() => Json.safeParse(shared)).toComputeWithin(1_000);
  expect(Json.safeParse(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).success).toBe(true);
});
