import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { evaluate, evaluateSmall, type Scope } from './evaluate.js';
import { compileExpression } from './expression.js';

const readsOf = (body: string) => {
  const compiled = compileExpression(body);
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.expression.reads;
};

describe('what is on the list', () => {
  test.each([
    ['$states.result', []],
    ['$states.result[0].files[1].name', []],
    ['{ "all": $states.input.large, "few": [$few, 1] }', []],
    ['$exists($states.input.a) ? $states.input.a : 3', []],
    ['$count($states.input.list)', []],
    ['$round + 1', [['round', 'walked']]],
    ['$merge([{ "a": 1 }, $states.input])', [['states.input', 'members']]],
    ['$append([], $report.tools[status != "passed"])', [['report.tools', 'walked']]],
    [
      '$filter($l, function($i) { $i.a > 1 })',
      [
        ['l', 'walked'],
        ['i.a', 'walked'],
      ],
    ],
    [
      '$l ~> $map(function($v) { $string($v) })',
      [
        ['l', 'walked'],
        ['v', 'walked'],
      ],
    ],
    ['($x := $states.input; $x.a)', [['states.input', 'walked']]],
    ['$states', []],
    ['$string($states)', [['states', 'walked']]],
    ['$now() & "x"', []],
    ['[1..100]', []],
  ] as const)('%s is evaluated in place, and goes into: %j', (body, expected) => {
    const reads = readsOf(body)?.map(({ variable, steps, reach }) => [[variable, ...steps].join('.'), reach]);
    expect(reads).toEqual(expected);
  });

  test.each([
    '$states.input ~> |items|{}|',
    '$sort($l, $power)',
    '$sort($l, function($a, $b) { $a > $b })',
    '$l^(a)',
    '$l{ "x": $ }',
    '$l@$x.b',
    '$l#$i.b',
    '$l.a.%',
    '$l.*',
    '**',
    '[1..$n]',
    '[1..2000]',
    '/a/',
    '$now("[Y]")',
    '$fromMillis(0, "[Y]")',
    '$string($l, true)',
    '$pad("a", 2)',
    '$split("a", "b")',
    '$formatNumber(1, "0")',
    '$formatBase(1)',
    '$spread($l)',
    '$map($l, $string)',
    '$map($l, $append(?, 1))',
    '$uppercase ~> $trim',
    '$l ~> $sum',
    '($f := function() { 1 }; $f())',
    '$map($l, function($v)<n:n> { $v })',
    '$parse("1")',
    '$nosuch(1)',
    'function($x) { $x }',
    '$l.a()',
  ])('%s is not', (body) => {
    expect(readsOf(body)).toBeNull();
  });
});

/** As much as may be seen in place: what an expression is given is never worse. */
const letters = 'ab '.repeat(80_000);
const objects = Array.from({ length: 550 }, (_, at) => ({ a: at, b: `n${at % 7}`, c: [at, at + 1] }));
const numbers = Array.from({ length: 4_900 }, (_, at) => (at * 7919) % 4_900);
const texts = numbers.map((number) => `t${number}`);
const wide = Object.fromEntries(numbers.slice(0, 2_400).map((number) => [`k${number}`, number]));
const nested = Array.from({ length: 490 }).reduce<unknown>((inner) => [inner], objects);
const flat = Array.from({ length: 490 }).reduce<unknown>((inner) => [inner], numbers.slice(0, 4_000));
const scope: Scope = {
  states: {
    input: { letters, objects, numbers, texts, wide, nested, flat, n: 3 } as Scope['states']['input'],
    context: {},
  },
  variables: { objects, numbers, texts, wide, n: 3 },
  nowMs: 0,
  seed: 'seed',
};

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  const pair = fc.tuple(inner, inner);
  const leaf = fc.constantFrom(
    ...['1', '-2', '"a"', '""', 'true', 'null', '$n', '$', '[1..1000]', '$now()', '$uuid()', '{}', '[]'],
    ...['$objects', '$numbers', '$texts', '$wide', '$states.input', '$states.input.letters', '$states.input.wide'],
    ...[
      '$objects.c',
      '$objects[a > 3].b',
      '$objects[0]',
      '$objects.(a + 1)',
      '$objects.{ "x": $ }',
      '$states.input.nested.a',
    ],
    ...['$states.input.flat', '$states.input.nested', '$states.input.flat.a', '$objects.b', '$v', '$w', '$v.c'],
  );
  const operator = fc.constantFrom('=', '!=', '<', '>=', '+', '*', '&', 'and', 'or', 'in');
  const one = fc.constantFrom(
    ...'exists type count boolean not keys merge reverse sum min max average distinct sort string number length'.split(
      ' ',
    ),
    ...'uppercase lowercase trim abs floor toMillis fromMillis error'.split(' '),
  );
  const two = fc.constantFrom(
    'append',
    'lookup',
    'contains',
    'substringBefore',
    'substringAfter',
    'join',
    'round',
    'power',
  );
  const over = fc.constantFrom('map', 'filter', 'single', 'each', 'sift', 'reduce');
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthSize: 'medium', withCrossShrink: true },
      leaf,
      fc.tuple(pair, operator).map(([[left, right], by]) => `(${left} ${by} ${right})`),
      fc.tuple(one, inner).map(([name, of]) => `$${name}(${of})`),
      fc.tuple(two, pair).map(([name, [first, second]]) => `$${name}(${first}, ${second})`),
      fc.tuple(over, pair).map(([name, [of, body]]) => `$${name}(${of}, function($v, $w) { ${body} })`),
      fc.tuple(pair, inner).map(([[when, then], other]) => `(${when} ? ${then} : ${other})`),
      pair.map(([bound, then]) => `($v := ${bound}; ${then})`),
      pair.map(([first, second]) => `[${first}, ${second}, ${first}]`),
      pair.map(([first, second]) => `{ "x": ${first}, "y": ${second} }`),
      pair.map(([of, by]) => `${of}[${by}]`),
      pair.map(([of, each]) => `$append([], ${of}).(${each})`),
    ),
  };
});

/** A collection of garbage falls on whoever is there: what is dear is dear each time. */
const oneOfThree = (act: () => Promise<void>): Promise<void> => act().catch(() => act().catch(act));

test('whatever is made of what is on the list is small over as much as it may see, and has one result everywhere', async () => {
  let inPlace = 0;
  await fc.assert(
    fc.asyncProperty(expression, async (body) => {
      expect(readsOf(body)).not.toBeNull();
      const evaluateHere = () => evaluateSmall(`{% ${body} %}`, scope, 'Output');
      await oneOfThree(() => expect(evaluateHere).toComputeWithin(50));
      const small = await evaluateHere();
      if (small === null) return;
      inPlace += 1;
      expect(small).toEqual(await evaluate(`{% ${body} %}`, scope, 'Output'));
    }),
    {
      numRuns: inject('effort') === 'long' ? 5_000 : 400,
      // Found once: what a function takes with it was counted up to the bound, and not beyond.
      examples: [
        [
          '$append([], $uuid()).((null ? 1 : ($v := (1 = 1); ($map([1..1000], function($v, $w) { 1 }) and $states.input.nested))))',
        ],
      ],
    },
  );
  expect(inPlace).toBeGreaterThan(50);
}, 120_000);
