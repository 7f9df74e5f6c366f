import { describe, expect, test } from 'vitest';
import { type EvaluationResult, evaluate, type Scope } from './evaluate.js';
import type { EvaluationLimits } from './guard.js';
import { DEFAULT_LIMITS } from './guard.js';
import type { Json, JsonObject } from './json.js';

const scope = (over: Partial<Scope> = {}): Scope => ({
  states: { input: { name: 'Ada', list: [1, 2, { deep: 3 }] }, context: { State: { Name: 'Here' } } },
  variables: { n: 5, one: ['only'], nothing: [] },
  nowMs: Date.UTC(2026, 10, 21, 12, 30),
  seed: 'seed',
  ...over,
});

const run = (expression: string, over: Partial<Scope> = {}, limits?: EvaluationLimits): Promise<EvaluationResult> =>
  evaluate(`{% ${expression} %}`, scope(over), 'Output', limits);

async function resultOf(expression: string, over: Partial<Scope> = {}): Promise<Json> {
  const result = await run(expression, over);
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

async function problemOf(expression: string, limits?: EvaluationLimits): Promise<string> {
  const result = await run(expression, {}, limits);
  if (result.ok) throw new Error(`expected a failure, got ${JSON.stringify(result.value)}`);
  expect(result.error).toBe('States.QueryEvaluationError');
  return result.problem;
}

describe('a template', () => {
  test('without expressions is its own value', async () => {
    const template = { a: [null, 0.1, true, ' {% $n %} ', '$states.input'], b: {} };
    expect(await evaluate(template, scope(), 'Output')).toMatchObject({ ok: true, value: template });
  });

  test('takes what each expression gives, of any type and at any depth', async () => {
    const template = {
      who: '{% $states.input.name %}',
      all: ['{% $n + 1 %}', { here: '{% $states.context.State.Name %}' }],
    };
    const result = await evaluate(template, scope(), 'Output');
    expect(result).toMatchObject({ ok: true, value: { who: 'Ada', all: [6, { here: 'Here' }] } });
  });

  test('names the place of the expression that fails', async () => {
    const result = await evaluate({ a: { b: '{% $missing %}' } }, scope(), 'Arguments');
    expect(result).toMatchObject({ ok: false, error: 'States.QueryEvaluationError' });
    expect(result.ok ? '' : result.problem).toContain(
      "'$missing' specified for the field 'Arguments/a/b' returned nothing",
    );
  });

  test('keeps lists of one and empty lists of the data as lists', async () => {
    expect(await resultOf('$one')).toEqual(['only']);
    expect(await resultOf('$nothing')).toEqual([]);
    expect(await resultOf('{ "one": $one, "nothing": $nothing }')).toEqual({ one: ['only'], nothing: [] });
  });

  test('gets plain arrays, without the marks JSONata hangs on its own', async () => {
    const list = await resultOf('$states.input.list[$type($) = "number"]');
    expect(list).toEqual([1, 2]);
    expect(Object.keys(list ?? {})).toEqual(['0', '1']);
  });
});

describe('what is not JSON fails the expression', () => {
  test.each([
    ['$sum', 'function'],
    ['{ "f": function($x) { $x } }', 'function'],
    ['[1, $uppercase]', 'function'],
    ['1 / 0', 'not a JSON number'],
    ['/a+/', 'function'],
    ['$missing.path', 'returned nothing'],
    ['$states.result', 'returned nothing'],
    ['1 +', 'does not parse'],
    ['$uppercase(1)', 'T0410'],
  ])('%s', async (expression, part) => {
    expect(await problemOf(expression)).toContain(part);
  });

  test('minus zero becomes zero, since JSON text would lose the sign', async () => {
    expect(Object.is(await resultOf('-0'), 0)).toBe(true);
    expect(Object.is(await resultOf('$parse("-0")'), 0)).toBe(true);
  });
});

describe('purity', () => {
  test('time is the given time, for every function that asks for it', async () => {
    expect(await resultOf('$now()')).toBe('2026-11-21T12:30:00.000Z');
    expect(await resultOf('$now("[D01].[M01].[Y]", "+1300")')).toBe('22.11.2026');
    expect(await resultOf('$millis()')).toBe(Date.UTC(2026, 10, 21, 12, 30));
    // A picture without a date takes the rest from "today".
    expect(await resultOf('$toMillis("08:00", "[H01]:[m01]")')).toBe(Date.UTC(2026, 10, 21, 8, 0));
  });

  test('chance is the seed, and the draws of one template differ', async () => {
    const draw = ['$random()', '$uuid()', '$shuffle([1..9])', '$random()'].map((text) => `{% ${text} %}`);
    const first = await evaluate(draw, scope(), 'Output');
    const other = await evaluate(draw, scope({ seed: 'other' }), 'Output');
    expect(await evaluate(draw, scope(), 'Output')).toEqual(first);
    expect(other).not.toEqual(first);
    const values = first.ok && Array.isArray(first.value) ? first.value : [];
    expect(values[0]).not.toBe(values[3]);
    expect(values[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...(Array.isArray(values[2]) ? values[2] : [])].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('evaluations at the same time do not mix their time or chance', async () => {
    const at = (nowMs: number) => resultOf('$map([1..50], function($i) { $millis() + $i - $i })[49]', { nowMs });
    expect(await Promise.all([at(1000), at(2000), at(3000)])).toEqual([1000, 2000, 3000]);
  });

  test.each([
    ['a variable that is called', '$data()'],
    ['a value that is called by another name', '($f := $data; $f())'],
    ['a member that is called', '$data.inner()'],
    ['a built-in name that a variable took', '$count(1)'],
    ['a partial call', '$data(?, 1)'],
    ['a transform', '$data ~> | $ | { "added": 1 } |'],
  ])('the data of the run stays as it is: %s', async (_what, expression) => {
    const variables: JsonObject = { data: { inner: { a: 1 } }, count: { b: 2 } };
    const before = JSON.stringify(variables);
    await run(expression, { variables });
    expect(JSON.stringify(variables)).toBe(before);
  });
});

describe('an expression that does not end is stopped', () => {
  test.each([
    ['a tight loop', '($f := function() { $f() }; $f())', 'stopped after'],
    ['an endless recursion', '($f := function($n) { 1 + $f($n + 1) }; $f(0))', 'nested deeper'],
    ['a long list', '[1..9000000]', 'array of more than'],
    ['a list that doubles', '($f := function($l) { $f($append($l, $l)) }; $f([1]))', 'array of more than'],
    ['a string that doubles', '($f := function($s) { $f($s & $s) }; $f("ab"))', 'steps of work'],
    ['work hidden in a built-in', '$reduce([1..50000], $append)', 'stopped after'],
    ['a wide $pad', '$pad("a", 2000000000)', 'a million characters'],
    ['a huge $range', '$range(1, 1000000000, 1)', 'stopped after'],
    [
      'a loop in a loop',
      '$map([1..3000], function($i) { $map([1..3000], function($j) { $i * $j }) })',
      'stopped after',
    ],
  ])('%s', async (_what, expression, part) => {
    expect(await problemOf(expression)).toContain(part);
  });

  test('at the same step every time', async () => {
    const limits = { ...DEFAULT_LIMITS, maxSteps: 1_000 };
    const expression = '$sum($map([1..90], function($i) { $i * 2 }))';
    const results = await Promise.all([run(expression, {}, limits), run(expression, {}, limits)]);
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toMatchObject({ ok: true, value: 8190 });
    expect(await problemOf(expression, { ...limits, maxSteps: 200 })).toContain('stopped after 200 steps');
  });

  test('a string that is longer than any may be', async () => {
    const limits = { ...DEFAULT_LIMITS, maxCharacters: 1_000 };
    expect(await problemOf('$pad("", 2000)', limits)).toContain('string of more than 1000 characters');
  });

  test('a regular expression that repeats a repetition is refused unrun', async () => {
    expect(await problemOf('$contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)')).toContain(
      'repeats a repetition',
    );
  });

  test('a deep expression is refused and does not overflow the stack', async () => {
    expect(await problemOf(`${'('.repeat(8000)}1${')'.repeat(8000)}`)).toContain('does not parse');
  });
});

test('$distinct is the built-in, only faster', async () => {
  expect(await resultOf('$distinct([1, "1", 1, {"a": 1, "b": 2}, {"b": 2, "a": 1}, [1], [1], null, null])')).toEqual([
    1,
    '1',
    { a: 1, b: 2 },
    [1],
    null,
  ]);
  expect(await resultOf('$distinct("x")')).toBe('x');
});

test('a member called __proto__ stays a member', async () => {
  const value = await resultOf('$parse("{\\"__proto__\\": {\\"polluted\\": true}}")');
  expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true}}');
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});
