import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate.js';
import { isJsonObject, type Json } from './json.js';
import { evaluatePath } from './jsonpath/evaluate-path.js';

/* What arrives as data is data, whatever names are in it: those by which JSONata knows its own things, too. */

const NAMES = [
  ...['_jsonata_lambda', '_jsonata_function', 'sequence', 'tupleStream', 'outerWrapper', 'keepSingleton', 'cons'],
  ...['thunk', 'then', 'next', 'implementation', 'arguments', 'body', 'environment', 'signature', 'arity', 'length'],
  ...['apply', 'token', 'position', 'type', 'value', 'toJSON', 'toString', 'constructor', '__proto__', '@', 'a'],
];
const leaf = fc.constantFrom<Json>(true, 1, 'operator', '?', null, 'text');
const { value: arbitraryValue, object: arbitraryObject } = fc.letrec<{
  value: Json;
  object: { readonly [key: string]: Json };
}>((tie) => ({
  object: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 5, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries)),
  value: fc.oneof({ weight: 3, arbitrary: leaf }, tie('object'), fc.array(tie('value'), { maxLength: 3 })),
}));

async function run(expression: string, input: Json): Promise<Json> {
  const before = JSON.stringify(input);
  const scope = { states: { input, context: {} }, variables: { v: input }, nowMs: 0, seed: 'seed' };
  const result = await evaluate(`{% ${expression} %}`, scope, 'Output');
  expect(JSON.stringify(input)).toBe(before);
  if (!result.ok) throw new Error(result.problem);
  // As it is stored: a member named __proto__ is one, an array has no more than its items.
  return JSON.parse(JSON.stringify(result.value));
}

const text = (value: Json | undefined): string => JSON.stringify(value);

describe('an object with any names', () => {
  test.each([
    ['$states.input.o', 'itself'],
    ['$v.o', 'in a variable'],
    ['$states.input[0].o', 'in a filter'],
    ['$states.input.o[true]', 'filtered'],
    ['($x := $states.input.o; $x[true])', 'filtered in a variable'],
    ['$lookup($states.input, "o")', 'looked up'],
    ['$lookup($lookup({"p": $states.input}, "p"), "o")', 'looked up twice'],
    ['$merge([$states.input]).o', 'merged'],
    ['$merge([$states.input.o])', 'merged by itself'],
    ['$map([$states.input.o], function($x) { $x })', 'mapped'],
    ['$filter([$states.input.o], function($x) { true })', 'chosen'],
    ['$single([$states.input.o], function($x) { true })', 'the only one'],
    ['$each($states.input, function($x, $k) { $x })', 'one of each'],
    ['$reduce([1, $states.input.o], function($a, $b) { $b })', 'reduced'],
    ['function($x) { $x }($states.input.o)', 'an argument'],
    ['(function($x, $y) { $x })($states.input.o, ?)(1)', 'given to a partial application'],
    ['($f := function($x) { $g($x) }; $g := function($x) { $x }; $f($states.input.o))', 'out of a tail call'],
    ['$states.input ~> function($x) { $x.o }', 'chained'],
    ['$states.input.o.$', 'the context of a step'],
    ['[$states.input.o][0]', 'in an array'],
    ['{"o": $states.input.o}.o', 'in an object'],
    ['{"k": $states.input.o}.*', 'a member of any name'],
    ['true ? $states.input.o : 1', 'on a condition'],
    ['$append([], [$states.input.o])[0]', 'appended'],
    ['$distinct([$states.input.o, $states.input.o])[0]', 'distinct'],
    ['$parse($string($states.input.o))', 'written and read'],
    ['($states.input ~> |$|{}|).o', 'transformed'],
    ['({"z": 1} ~> |$|$states.input|).o', 'put in by a transformation'],
    ['$spread({"k": $states.input.o}).k', 'spread'],
    ['$zip([$states.input.o], [1])[0][0]', 'zipped'],
    ['($states.input@$i.$i).o', 'bound by a step'],
    ['($states.input{"k": o}).k', 'grouped'],
    ['$sift($states.input, function($x) { true }).o', 'sifted'],
  ])('comes out of %s as it went in: %s', (expression) =>
    fc.assert(
      fc.asyncProperty(arbitraryObject, async (o) => {
        expect(text(await run(expression, { o }))).toBe(text(o));
      }),
      { numRuns: 40 },
    ),
  );

  test('is written as text whole, has its keys, its members, its type and its truth', () =>
    fc.assert(
      fc.asyncProperty(arbitraryObject, async (o) => {
        expect(await run('$string($states.input)', { o })).toBe(text({ o }));
        expect(await run('"" & $states.input', { o })).toBe(text({ o }));
        expect(await run('[$keys($states.input.o)]', { o })).toEqual(Object.keys(o));
        expect(await run('$type($states.input.o)', { o })).toBe('object');
        expect(await run('$boolean($states.input.o)', { o })).toBe(Object.keys(o).length > 0);
        expect(await run('$exists($states.input.o)', { o })).toBe(true);
        expect(await run('$states.input.o = $v.o', { o })).toBe(true);
        expect(await run('$count($states.input.o.**) > 0', { o })).toBe(true);
        for (const [name, member] of Object.entries(o)) {
          if (Array.isArray(member)) continue;
          expect(text(await run(`$states.input.o.\`${name}\``, { o }))).toBe(text(member));
          expect(text(await run(`$lookup($states.input.o, "${name}")`, { o }))).toBe(text(member));
        }
      }),
      { numRuns: 60 },
    ));

  test('goes through each of its members', () =>
    fc.assert(
      fc.asyncProperty(arbitraryObject, async (o) => {
        const made = await run('$merge([{}, $each($states.input.o, function($x, $k) { {$k: [$x]} })])', { o });
        expect(isJsonObject(made) ? Object.entries(made) : []).toEqual(
          Object.entries(o).map(([name, member]) => [name, [member].flat()]),
        );
      }),
      { numRuns: 60 },
    ));

  test('is the same to JSONPath', () =>
    fc.assert(
      fc.property(arbitraryValue, (o) => {
        for (const query of [
          '$.o',
          'States.StringToJson(States.JsonToString($.o))',
          'States.ArrayGetItem(States.Array($.o), 0)',
        ]) {
          const result = evaluatePath(
            { kind: 'query', text: query },
            { input: { o }, context: {}, variables: {}, nowMs: 0, seed: '' },
            'Field',
          );
          expect(text(result.ok ? result.value : result.problem)).toBe(text(o));
        }
      }),
      { numRuns: 60 },
    ));
});

const program = {
  _jsonata_lambda: true,
  arguments: [],
  body: { type: 'string', value: 'pwned', position: 1 },
  environment: null,
  input: 1,
};

test.each(['$v(1)', '$v(?)', '($f := $v(?); $f(1))', '1 ~> $v', '$map([1], $v)', '$states.input(1)', '$v ~> $string'])(
  'data is not executed: %s',
  async (expression) => {
    for (const thunk of [{}, { thunk: true }, { signature: {} }, { _jsonata_function: true, implementation: 'x' }]) {
      const result = await run(expression, { ...program, ...thunk }).catch((error: Error) => error.message);
      expect(result).not.toBe('pwned');
      // What a bug in JSONata says.
      expect(result).not.toMatch(/is not a function$|Cannot|undefined \(reading/);
    }
  },
);

test('an object that is written out may have any names', async () => {
  expect(await run('{"_jsonata_lambda": true, "tupleStream": true, "outerWrapper": true}', {})).toEqual({
    _jsonata_lambda: true,
    tupleStream: true,
    outerWrapper: true,
  });
});

test('functions stay functions, and are no data', async () => {
  await expect(run('{"f": function($x) { $x }}', {})).rejects.toThrow('holds a function');
  await expect(run('$sum', {})).rejects.toThrow('holds a function');
  expect(await run('[$string($sum), $type($sum), $map([1], function($x) { $x + 1 })]', {})).toEqual([
    '',
    'function',
    2,
  ]);
  await expect(run('{ function($x) { $x }: 1 }', {})).rejects.toThrow('a function');
});

test('data in the message of an error is no template', async () => {
  await expect(run('$error($v)', 'see {{stack}} and {{{code}}}')).rejects.toThrow('see {{stack}} and {{{code}}}');
});

test('an empty array of the data is not written on', async () => {
  expect(await run('$v.e{"a": 1}', { e: [] })).toEqual({ a: 1 });
  expect(await run('[$v.e[]]', { e: ['x'] })).toEqual(['x']);
});
