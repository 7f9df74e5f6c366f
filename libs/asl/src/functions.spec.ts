import { expect, test } from 'vitest';
import { evaluate } from './evaluate.js';

const run = (expression: string) =>
  evaluate(
    `{% ${expression} %}`,
    { states: { input: {}, context: {} }, variables: { list: [1, 2, 3, 4, 5] }, nowMs: 0, seed: 'seed' },
    'Output',
  );

test.each([
  ['$partition([0, 1], 2)', [[0, 1]]],
  ['$partition([0, 1, 2], 2)', [[0, 1], [2]]],
  ['$partition($list, 9)', [[1, 2, 3, 4, 5]]],
  ['$partition([], 3)', []],
  ['$range(0, 10, 3)', [0, 3, 6, 9]],
  ['$range(3, 1, -1)', [3, 2, 1]],
  // A list of one comes back as its only item, as in the service.
  ['$range(1, 9, 9)', 1],
  ['$count($range(1, 9, 2))', 5],
  ['$parse("[1, {\\"a\\": null}]")', [1, { a: null }]],
  ['$random(7) = $random(7)', true],
  ['$random(7) = $random(8)', false],
  ['$append([1], 2)', [1, 2]],
  ['$append([], 2)', [2]],
  ['$append(1, $nothing)', 1],
  ['$pad("ab", 5, "-+")', 'ab-+-'],
  ['$pad("ab", -5)', '   ab'],
  ['$pad("abc", 2)', 'abc'],
])('%s', async (expression, expected) => {
  expect(await run(expression)).toMatchObject({ ok: true, value: expected });
});

test.each([
  ['$partition([1], 0)', 'a whole size of at least 1'],
  ['$range(1, 5, 0)', 'a step other than 0'],
  ['$range(1, 5, 0.5)', 'whole numbers'],
  ['$parse("{")', 'not JSON'],
  ['$eval("1 + 1")', '$eval is not available'],
  ['$nosuch()', 'T1006'],
])('%s fails', async (expression, part) => {
  const result = await run(expression);
  expect(result.ok ? result.value : result.problem).toContain(part);
});
