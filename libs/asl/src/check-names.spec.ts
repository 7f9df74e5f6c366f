import source from 'jsonata/jsonata.js?raw';
import { expect, test } from 'vitest';
import { FUNCTION_NAMES } from './functions.js';
import { type Json, type JsonObject, parseDefinition } from './index.js';

const findingsOf = (States: JsonObject, QueryLanguage = 'JSONata'): readonly string[] =>
  parseDefinition({ QueryLanguage, StartAt: Object.keys(States)[0] ?? '', States }).findings.map(
    ({ severity, code, pointer, message }) => `${severity} ${code} ${pointer} ${message}`,
  );
const outputOf = (Output: Json): JsonObject => ({ A: { Type: 'Pass', Output, End: true } });
const task = (over: JsonObject): JsonObject => ({ Type: 'Task', Resource: 'baton:worker:x', End: true, ...over });

test('a variable that no state assigns, at its place in the template', () => {
  expect(findingsOf(outputOf({ a: [1, '{% $requirments %}'] }))).toEqual([
    'warning unknown-name /States/A/Output/a/1 no state assigns the variable requirments, here or around: $requirments is undefined',
  ]);
});

test('a function there is none of', () => {
  expect(findingsOf(outputOf('{% $upercase("a") %}'))).toEqual([
    'warning unknown-name /States/A/Output there is no function $upercase',
  ]);
});

test.each([
  '{% $sum([1, 2]) + $millis() & $uuid() %}',
  '{% $map([1], $string) %}',
  '{% ($x := 1; $f := function($v) { $v + $x }; $f(2)) %}',
  '{% $states.input.list#$i.{ "n": $i, "at": $$, "it": $ } %}',
  '{% $states.context.Execution.Id %}',
])('what the expression binds, and what is always there, is known: %s', (text) => {
  expect(findingsOf(outputOf(text))).toEqual([]);
});

test('a variable may be assigned later, by a rule or a catcher, and outside of a branch', () => {
  const inner = { StartAt: 'B', States: { B: { Type: 'Pass', Output: '{% [$a, $b, $c] %}', End: true } } };
  const States = {
    Fork: {
      Type: 'Parallel',
      Branches: [inner],
      Catch: [{ ErrorEquals: ['States.ALL'], Assign: { b: 1 }, Next: 'Pick' }],
      Next: 'Pick',
    },
    Pick: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $exists($a) %}', Assign: { c: 1 }, Next: 'Last' }],
      Default: 'Last',
    },
    Last: { Type: 'Pass', Assign: { a: 1 }, End: true },
  };
  expect(findingsOf(States)).toEqual([]);
});

test('a variable of a branch is none outside of it, nor in the next branch', () => {
  const branch = (name: string, over: JsonObject) => ({
    StartAt: name,
    States: { [name]: { Type: 'Pass', End: true, ...over } },
  });
  const Branches = [branch('B', { Assign: { a: 1 } }), branch('C', { Output: '{% $a %}' })];
  expect(findingsOf({ Fork: { Type: 'Parallel', Branches, Output: '{% $a %}', End: true } })).toEqual([
    expect.stringContaining('/States/Fork/Output no state assigns the variable a'),
    expect.stringContaining('/States/Fork/Branches/1/States/C/Output no state assigns the variable a'),
  ]);
});

test('result and errorOutput are there in their places only', () => {
  const good = task({
    End: undefined as never,
    Next: 'B',
    Output: '{% $states.result %}',
    Assign: { r: '{% $states.result.a %}' },
    Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'B' }],
  });
  const B = { Type: 'Succeed' };
  expect(findingsOf(JSON.parse(JSON.stringify({ A: good, B })))).toEqual([]);
  const bad = task({ Arguments: '{% $states.result %}', Output: '{% $states.errorOutput.Error & $states.inputs %}' });
  expect(findingsOf({ A: bad })).toEqual([
    'warning unknown-name /States/A/Arguments $states.result is undefined here: it is there in Output and Assign of a Task, Parallel or Map',
    'warning unknown-name /States/A/Output $states.errorOutput is undefined here: it is there in Output and Assign of a catcher',
    'warning unknown-name /States/A/Output $states.inputs is undefined here: $states has input, context, result and errorOutput',
  ]);
});

test('a state in JSONPath is not looked at', () => {
  const A = { Type: 'Pass', Parameters: { 'a.$': '$unknown' }, End: true };
  expect(findingsOf({ A }, 'JSONPath')).toEqual([]);
});

test('the functions of JSONata are all known', () => {
  const bound = [...source.matchAll(/staticFrame\.bind\('(\w+)'/g)].map(([, name]) => name);
  expect(bound.length).toBeGreaterThan(50);
  expect(bound.filter((name) => name === undefined || !FUNCTION_NAMES.has(name))).toEqual([]);
});
