import { expect, test } from 'vitest';
import type { Json } from '../json.js';
import { evaluatePath, evaluateSmallPath } from './evaluate-path.js';

/** As much as may be gone through in place. */
const numbers = Array.from({ length: 4_900 }, (_, at) => at);
const input = {
  objects: Array.from({ length: 550 }, (_, at) => ({ a: at, b: `n${at % 7}`, c: [at, at + 1] })),
  numbers,
  wide: Object.fromEntries(numbers.slice(0, 2_400).map((at) => [`k${at}`, at])),
  nested: Array.from({ length: 490 }).reduce<Json>((inner) => [inner], numbers.slice(0, 4_000)),
  text: 'ab '.repeat(80_000),
};
const scope = { input, context: {}, variables: {}, nowMs: 0, seed: '' };

test.each([
  '$',
  '$.objects[3].c[1]',
  '$.objects..*',
  '$.nested..*',
  '$.objects[?(@.a in $.numbers)]',
  '$.numbers[?(@ in $.numbers)]',
  '$.objects[?(@ == $.objects[0])]',
  '$.objects[?(@.c == $.objects[5].c)].b',
  '$.objects[?($.wide == $.wide)]',
  '$.objects[?($.text == $.text)]',
  '$.objects[?(@..a)]',
  '$.objects[?(@.b == $.objects[*].b)]',
  '$.numbers[0:4000:1]',
  '$.numbers[*].length()',
  '$.wide.keys()',
  '$.numbers.min()',
  "$.wide['k1','k1','k2']",
  '$.objects[0,0,1].a',
  'States.ArrayUnique($.objects)',
  'States.ArrayContains($.objects, $.wide)',
  'States.JsonMerge($.wide, $.wide, true)',
  "States.Format('{}{}{}', $.objects, $.wide, $.numbers)",
  "States.StringSplit($.text, ' ')",
  'States.ArrayPartition($.numbers, 1)',
  'States.StringToJson(States.JsonToString($.objects))',
  '$..*',
  '$..[?(@..a)]',
])('%s is small or given up, and has one result everywhere', { retry: 2 }, async (text) => {
  const asked = { kind: 'query', text } as const;
  const act = async () => evaluateSmallPath(asked, scope, 'Field');
  await expect(act).toComputeWithin(50);
  const small = await act();
  if (small !== null) expect(small).toEqual(evaluatePath(asked, scope, 'Field'));
});
