import { expect, test } from 'vitest';
import { evaluate } from './evaluate.js';
import type { Json } from './json.js';

/* Where a match stands is counted in characters, as $length and $substring count. */

async function run(expression: string): Promise<Json> {
  const scope = { states: { input: null, context: {} }, variables: {}, nowMs: 0, seed: 'seed' };
  const result = await evaluate(`{% ${expression} %}`, scope, 'Output');
  if (!result.ok) throw new Error(result.problem);
  return JSON.parse(JSON.stringify(result.value));
}

test.each<[string, Json]>([
  ['$match("😀b😀ab", /b/).index', [1, 4]],
  ['($s := "a😀b"; $substring($s, $match($s, /b/).index))', 'b'],
  ['($m := /b/; $m("😀b").[start, end])', [1, 2]],
  ['($m := /😀/; $n := $m("a😀😀").next; $n().[start, end])', [2, 3]],
  ['$split("a😀b😀c", /😀/)', ['a', 'b', 'c']],
  ['$split("😀1a22😀", /[0-9]+/)', ['😀', 'a', '😀']],
  ['$replace("😀b😀b", /b/, "x")', '😀x😀x'],
  ['$replace("😀b", /b/, function($m) { $string($m.start) & $m.match })', '😀1b'],
])('%s', async (expression, expected) => {
  expect(await run(expression)).toEqual(expected);
});

/** A matcher that an expression writes itself: it finds the character at a place that it counts as all others do. */
const THIRD =
  'function($s) { {"match": $substring($s, 2, 1), "start": 2, "end": 3, "groups": [], "next": function() { $none }} }';

test.each<[string, Json]>([
  [`$split("😀😀-b", ${THIRD})`, ['😀😀', 'b']],
  [`$replace("😀😀-b", ${THIRD}, "+")`, '😀😀+b'],
  [`[$match("😀😀-b", ${THIRD}).index]`, [2]],
])('a matcher of an expression: %s', async (expression, expected) => {
  expect(await run(expression)).toEqual(expected);
});

test('what a matcher gives in place of the next one is no internal error', async () => {
  const matcher = 'function($s) { {"match": "a", "start": 0, "end": 1, "groups": [], "next": 5} }';
  await expect(run(`$replace("ab", ${matcher}, "x")`)).rejects.toThrow('T1010');
});
