import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { evaluateSmall, evaluateSmallPath, type Json, type Scope } from '@baton/asl';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { evaluatorOn } from './evaluator.js';
import { openStoppable, type Stoppable } from './stoppable.js';
import { THREAD_ENTRY } from './thread-entry.js';

/*
 * What is evaluated in place is small. Each of these inputs held its process for seconds once, or ended it: in place they are
 * given up before they cost anything. What that takes of memory is bounded by doing it in a thread that has little.
 */

const MEMORY_MB = 64;
const MOST_MS = 50;

let narrow: Stoppable;
let wide: Stoppable;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-in-place-'));
  const file = join(folder, 'thread.mjs');
  const asl = import.meta.resolve('@baton/asl').replace('/src/index.ts', '/dist/index.js');
  writeFileSync(
    file,
    `import { evaluateSmall, evaluateSmallPath } from ${JSON.stringify(asl)};
     export default async ({ name, parts, begun }) => {
       Atomics.store(begun, 0, 1);
       const [what, scope] = parts.map((part) => JSON.parse(part));
       const small = name === 'template'
         ? await evaluateSmall(what, scope, 'Output')
         : evaluateSmallPath(what, scope, 'Output');
       return JSON.stringify(small);
     }`,
  );
  const monotonicMs = () => performance.now();
  narrow = openStoppable({ entry: pathToFileURL(file).href, threads: 1, memoryMb: MEMORY_MB, monotonicMs });
  wide = openStoppable({ entry: THREAD_ENTRY, threads: 2, memoryMb: 256, monotonicMs });
});
afterAll(async () => {
  await Promise.all([narrow.close(), wide.close()]);
  rmSync(folder, { recursive: true });
});

const members = (count: number, value: Json = 1): Json =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, value]));
const nested = (depth: number, inner: Json): Json =>
  Array.from({ length: depth }).reduce<Json>((value) => [value], inner);
const below = (depth: number, inner: Json): Json =>
  Array.from({ length: depth }).reduce<Json>((value) => ({ '': value }), inner);
const list = (count: number, item: Json = 1): Json => Array.from({ length: count }, () => item);
const scopeOf = (input: Json): Scope => ({ states: { input, context: {} }, variables: {}, nowMs: 1.7e12, seed: 'x' });
const pathScopeOf = (input: Json) => ({ input, context: {}, variables: {}, nowMs: 0, seed: '' });
/** What is dear is dear each time; a collection of garbage is not. */
const oneOfThree = (act: () => Promise<void>): Promise<void> => act().catch(() => act().catch(act));

const EXPRESSIONS: readonly (readonly [what: string, expression: string, input: Json])[] = [
  ['a sort by a function of its own', '$count($sort($states.input.l, $power))', { l: list(150_000) }],
  ['one by a base', '$count($sort($states.input.l, $formatBase))', { l: list(150_000, 2) }],
  ['one by a part', '($f := $power(?, ?); $sort($states.input.l, $f))', { l: list(60_000) }],
  ['a transformation', '$states.input ~> |items|$states.input.big|', { items: list(300, {}), big: members(50_000) }],
  ['options of a number', '[1..1000].$formatNumber($, "0", $states.input.o)', { o: members(50_000) }],
  ['a long filler', '$count([1..500].$pad("a", 2, $states.input.s))', { s: 'x'.repeat(900_000) }],
  ['a comparison with nothing', '$count([1..1000].($states.input.a = $states.input.b))', { a: members(50_000), b: {} }],
  ['an unequal one', '$count([1..1000].($states.input.a != $states.input.b))', { a: members(50_000), b: {} }],
  ['one in a list', '$count([1..1000].([$states.input.a] = [$states.input.b]))', { a: members(50_000), b: {} }],
  ['a wide picture of now', '$now("[Y,9 9 9 9 9 9 9]")', {}],
  ['a wide picture', '$fromMillis(0, "[Y,9 9 9 9 9 9]")', {}],
  [
    'a long separator',
    '$split($states.input.t, $states.input.s)',
    { t: 'a'.repeat(140_000), s: `b${'a'.repeat(70_000)}` },
  ],
  ['names in nested lists', '$count($states.input.x.a)', { x: nested(490, list(30_000, { a: 1 })) }],
  ['a look into them', '$lookup($states.input.x, "a")', { x: nested(490, list(30_000, { a: 1 })) }],
  ['their members', '$spread($states.input.x)', { x: nested(490, list(20_000, { a: 1 })) }],
  ['their keys', '$keys($states.input.x)', { x: nested(490, list(20_000, { a: 1 })) }],
  ['a deep value laid out', '$length($string($states.input, true))', below(490, list(70_000))],
  ['tuples', '$count($states.input.a@$x.b@$y.[$y])', { a: list(100, { b: list(6_000) }) }],
  ['their numbers', '$count($states.input.a.b#$i)', { a: list(100, { b: list(1_900) }) }],
  ['a group of one', '$states.input.l{ "x": $ }', { l: list(1_500, list(60)) }],
  ['an object of a list', '[$states.input.l].{ "x": $ }', { l: list(150_000) }],
  ['conditions of an object', `[${'$states.input ? 1 : 2,'.repeat(200)} 1]`, members(50_000)],
  ['a list that is written out', `[${'$states.input,'.repeat(500)} 1]`, list(4_000)],
  ['a long expression', `[${'1+2,'.repeat(3_900)} 1]`, {}],
  ['many long ones', `${'$string(1)&'.repeat(1_400)} ""`, {}],
];

const PATHS: readonly (readonly [what: string, text: string, input: Json])[] = [
  ['a union of one name', `$.l[*][${"'a',".repeat(3_000)}'a'].b`, { l: list(20_000, { a: 1 }) }],
  ['a shorter one', `$.l[*][${"'a',".repeat(1_500)}'a'].b`, { l: list(1_000, { a: 1 }) }],
  ['a union of one index', `$.l[*][${'0,'.repeat(5_000)}0]`, { l: list(20_000, [1]) }],
  ['a deep merge', 'States.JsonMerge($.a, $.b, true)', { a: members(50_000, {}), b: members(50_000, {}) }],
  ['a filter among many', '$.l[?(@.a in $.b)]', { l: list(1_000, { a: 1 }), b: list(3_000, { a: 2 }) }],
  ['what is unique', 'States.ArrayUnique($.l)', { l: list(30_000, { a: 1, b: 2 }) }],
  ['the least', '$.l[*].min()', { l: list(60_000) }],
  ['everything below everything', '$..*..*', below(400, 1)],
  ['a text again and again', `States.Format('${'{}'.repeat(500)}'${', $.s'.repeat(500)})`, { s: 'x'.repeat(30_000) }],
];

describe('what is not known to be small is given up in place, in no time and little memory', () => {
  test.each(EXPRESSIONS)('%s', async (_what, expression, input) => {
    const [template, scope] = [`{% ${expression} %}`, scopeOf(input)];
    await oneOfThree(() => expect(() => evaluateSmall(template, scope, 'Output')).toComputeWithin(MOST_MS));
    expect(await evaluateSmall(template, scope, 'Output')).toBeNull();
    const parts = [JSON.stringify(template), JSON.stringify(scope)];
    expect(await narrow.call('template', parts, { timeMs: 10_000 })).toBe('null');
  });

  test.each(PATHS)('in JSONPath, %s', async (_what, text, input) => {
    const scope = pathScopeOf(input);
    const act = async () => evaluateSmallPath({ kind: 'query', text }, scope, 'Output');
    await oneOfThree(() => expect(act).toComputeWithin(MOST_MS));
    expect(await act()).toBeNull();
    const parts = [JSON.stringify({ kind: 'query', text }), JSON.stringify(scope)];
    expect(await narrow.call('path', parts, { timeMs: 10_000 })).toBe('null');
  });
});

test.each([
  ['$.large', { kind: 'query', text: '$.large' }],
  ['a way through it', { kind: 'query', text: '$.large[7].a' }],
  ['a payload of such', { kind: 'payload', template: { 'a.$': '$.large', 'b.$': 'States.Array($.large, 1)' } }],
  ['a rule', { kind: 'test', test: { Variable: '$.large[7].a', NumericEquals: 1 } }],
] as const)('a large value is handed on in place: %s', (_what, asked) => {
  expect(evaluateSmallPath(asked, pathScopeOf({ large: list(10_000, { a: 1 }) }), 'Output')).toMatchObject({
    ok: true,
  });
});

test('many long expressions that were never read let others have their turn in between', async () => {
  let waits = 0;
  const onWait = () => {
    waits += 1;
  };
  const settings = { timeMs: 1_000, setting: 'X', monotonicMs: () => performance.now(), onWait };
  const states = Array.from({ length: 50 }, (_, at) => `{% [${`${at}+1,`.repeat(300)} 1] %}`);
  const evaluator = evaluatorOn(wide, settings);
  let longestMs = 0;
  let last = process.threadCpuUsage().user;
  const clock = setInterval(() => {
    const now = process.threadCpuUsage().user;
    longestMs = Math.max(longestMs, (now - last) / 1_000);
    last = now;
  }, 0);
  for (const state of states) await evaluator.template(state, scopeOf({}), 'Output');
  const first = waits;
  for (const state of states) await evaluator.template(state, scopeOf({}), 'Output');
  clearInterval(clock);
  expect(first).toBeGreaterThan(20);
  expect(waits).toBe(first);
  expect(longestMs).toBeLessThan(100);
});

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      '1',
      '"a b"',
      '$states.input',
      '$states.input.l',
      '$states.input.l.a',
      '$states.input.t',
      '$uuid()',
    ),
    fc
      .tuple(tie('expression'), fc.constantFrom('=', '&', '+', 'in'), tie('expression'))
      .map(([a, by, b]) => `(${a} ${by} ${b})`),
    fc
      .tuple(
        fc.constantFrom('count', 'string', 'sum', 'sort', 'keys', 'distinct', 'uppercase', 'merge', 'spread', 'parse'),
        tie('expression'),
      )
      .map(([name, of]) => `$${name}(${of})`),
    tie('expression').map((of) => `$map(${of}, function($v) { $v })`),
    tie('expression').map((of) => `$split($string(${of}), /[ab]/)`),
    tie('expression').map((of) => `${of}^(a)`),
    tie('expression').map((of) => `${of}{ "x": $ }`),
    tie('expression').map((of) => `${of}.*`),
    tie('expression').map((of) => `{ "x": ${of} }`),
  ),
}));

test('what is evaluated in place has the same result in a thread', async () => {
  const scope = scopeOf({ l: [{ a: 2 }, { a: 1, b: 'x' }], t: 'A text' });
  let inPlace = 0;
  await fc.assert(
    fc.asyncProperty(expression, async (body) => {
      const template = `{% ${body} %}`;
      const small = await evaluateSmall(template, scope, 'Output');
      if (small === null) return;
      inPlace += 1;
      const limits = { maxSteps: 100_000, maxDepth: 2_000, maxItems: 200_000, maxCharacters: 4_000_000 };
      const parts = [JSON.stringify(template), JSON.stringify(scope), JSON.stringify({ field: 'Output', limits })];
      expect(JSON.parse(await wide.call('evaluate', parts, { timeMs: 10_000 }))).toEqual(small);
    }),
    { numRuns: inject('effort') === 'long' ? 2_000 : 200 },
  );
  expect(inPlace).toBeGreaterThan(20);
}, 60_000);
