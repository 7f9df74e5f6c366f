import { describe, expect, test } from 'vitest';
import { evaluate, evaluateSmall, type Scope } from './evaluate.js';
import { FUNCTION_NAMES } from './functions.js';

const letters = 'a'.repeat(1_000_000);
const spaces = `${' '.repeat(500_000)}x${' '.repeat(500_000)}`;
const numbers = Array.from({ length: 190_000 }, (_, index) => (index * 7919) % 190_000);
const words = numbers.map((number) => `word ${number}`);
const objects = numbers.slice(0, 60_000).map((number) => ({ id: number, name: `n${number}`, tags: ['x', 'y'] }));
const wide = Object.fromEntries(numbers.slice(0, 60_000).map((number) => [`key${number}`, [number]]));
const large = { letters, spaces, numbers, words, objects, wide, short: `${' '.repeat(36)}x` };

const scope: Scope = { states: { input: large, context: {} }, variables: large, nowMs: 0, seed: 'seed' };

/** Most take some milliseconds of computing, the worst of them thirty. */
const MOST_MS = 100;

const inPlace = (expression: string) => () => evaluateSmall(`{% ${expression} %}`, scope, 'Output');

const again = (inner: string, times = 12_000) => `$map([1..${times}], function($i) { ${inner} })`;

const ARGUMENTS: Readonly<Record<string, string>> = {
  join: '$words, $letters',
  replace: '$letters, "a", $letters',
  split: '$letters, ""',
  contains: '$letters, "b" & $substring($letters, 0, 500000)',
  lookup: '$objects, "id"',
  zip: '$numbers, $numbers, $numbers',
  toMillis: '"1111111111111111111111111111111111111111", "[f1][f1][f1][f1][f1][f1]x"',
  fromMillis: '0, "[Y,*-99999999]"',
  formatNumber: '1, $letters',
  formatInteger: '999999999999, "I"',
  parseInteger: '$letters, "1"',
  formatBase: '1e300, 2',
  pad: '"x", 999999',
  range: '0, 9999999999, 1',
  substringBefore: '$letters, "b" & $substring($letters, 0, 500000)',
  substringAfter: '$letters, "b" & $substring($letters, 0, 500000)',
  match: '$letters, /(a|aa)+$/',
  hash: '$letters, "SHA-256"',
  partition: '$numbers, 1',
  append: '$numbers, $numbers',
  map: '$numbers, $string',
  filter: '$numbers, $boolean',
  single: '$numbers, $not',
  reduce: '$words, $join',
  each: '$wide, $string',
  sift: '$wide, $boolean',
  number: '$letters',
  error: '$letters',
  assert: 'false, $letters',
};
const LISTS = new Set([
  'sum',
  'max',
  'min',
  'average',
  'count',
  'sort',
  'shuffle',
  'reverse',
  'distinct',
  'boolean',
  'not',
]);
const STRUCTURES = new Set(['string', 'keys', 'merge', 'spread', 'clone', 'type', 'exists']);

function callOf(name: string): string {
  const given = ARGUMENTS[name];
  if (given !== undefined) return `$${name}(${given})`;
  if (LISTS.has(name)) return `$${name}($numbers)`;
  return STRUCTURES.has(name) ? `$${name}($objects)` : `$${name}($letters)`;
}

describe('what is evaluated in place is small, whatever the data', () => {
  test.each([...FUNCTION_NAMES])('$%s, once and again', async (name) => {
    await expect(inPlace(callOf(name))).toComputeWithin(MOST_MS);
    await expect(inPlace(again(callOf(name)))).toComputeWithin(MOST_MS);
  });

  test.each([
    ['a sort in a range', again('$sort($numbers)[0]')],
    ['a text joined to itself', '($f := function($s) { $f($s & $s) }; $f($letters))'],
    ['everything below', again('$count($states.input.**)')],
    [
      'everything below what shares its parts',
      '($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, { "l": $a, "r": $a }) }; $count($f(40, 1).**))',
    ],
    [
      'arrays that share their parts',
      '($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, [[$a], [$a]]) }; $f(40, 1).x)',
    ],
    [
      'what shares its parts as text',
      '($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, { "l": $a, "r": $a }) }; "" & $f(40, 1))',
    ],
    [
      'what shares its parts, compared',
      '($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, { "l": $a, "r": $a }) }; $f(40, 1) = $f(40, 1))',
    ],
    [
      'what shares its parts as the result',
      '($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, { "l": $a, "r": $a }) }; $f(40, 1))',
    ],
    [
      'what shares its parts as a condition',
      '($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, [[$a], [$a]]) }; $f(40, 0) ? 1 : 2)',
    ],
    ['every member', again('$count($states.input.wide.*)')],
    ['long texts compared', again('($letters & "x") = ($letters & "x")')],
    ['a long text in a list', again('($letters & "x") in [$letters & "x", $letters & "x"]')],
    ['a range as long as may be', '[1..9999999]'],
    ['ranges of ranges', again('[1..40000]')],
    ['groups', '$objects{"all": $count($)}'],
    ['long keys', again('{ $letters & $string($i): 1 }')],
    ['an order', '$numbers^($)'],
    ['a filter', '$objects[id = 7]'],
    ['a transformation', again('$objects ~> |$|{"x": 1}|')],
    ['a regular expression', '$contains($states.input.short, /^(.|\\s)*END/)'],
    ['a regular expression that is linear', again('$replace($letters, /b/, "")')],
    ['variables that are copied', again('($states := 1; $states())', 100)],
    ['the same as it came', '$states.input'],
  ])('%s', async (_what, expression) => {
    await expect(inPlace(expression)).toComputeWithin(MOST_MS);
  });
});

test('what is not small has no result in place, and one where it can be stopped', async () => {
  const expression = '{% $contains($states.input.short, /x$/) %}';
  expect(await evaluateSmall(expression, scope, 'Output')).toBeNull();
  expect(await evaluate(expression, scope, 'Output')).toMatchObject({ ok: true, value: true });
});

test.each([
  '1 + 1',
  '$sum([1..100])',
  '$now()',
  '$states.input.objects[0].name',
  '$count($numbers)',
  '$toMillis("2026-11-27T00:00:00Z")',
])('%s is evaluated in place, with the same result and the same steps', async (expression) => {
  const small = await evaluateSmall(`{% ${expression} %}`, scope, 'Output');
  expect(small).toMatchObject({ ok: true });
  expect(small).toEqual(await evaluate(`{% ${expression} %}`, scope, 'Output'));
});
