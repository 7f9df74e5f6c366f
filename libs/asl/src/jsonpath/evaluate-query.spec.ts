import { describe, expect, test } from 'vitest';
import type { EvaluationLimits } from '../guard.js';
import { DEFAULT_LIMITS } from '../guard.js';
import type { Json } from '../json.js';
import { evaluatePath } from './evaluate-path.js';
import type { PathScope } from './evaluate-query.js';

const evaluateQuery = (text: string, from: PathScope, field: string) =>
  evaluatePath({ kind: 'query', text }, from, field);
const evaluatePayload = (template: Json, from: PathScope, field: string, limits?: EvaluationLimits) =>
  evaluatePath({ kind: 'payload', template }, from, field, limits);

const scope = (over: Partial<PathScope> = {}): PathScope => ({
  input: {
    name: 'Ada',
    'delivery-partner': 'UQS',
    list: [10, 20, 30, 40],
    books: [
      { title: 'A', price: 8, tags: ['x'] },
      { title: 'B', price: 12 },
      { title: 'C', price: 12, sold: true },
    ],
    nothing: null,
    'a&b': 1,
    'x@y': { $ref: 2, '@type': 't' },
    "it's": 3,
    'Test\\""Name"': 4,
    'back\\slash': 5,
    größe: 6,
    cities: [{ name: 'Köln', area: 405, 'pop&area': 1 }, { name: 'Bonn' }],
  },
  context: { Execution: { Name: 'run' } },
  variables: { n: 5, größe: 7, deep: { a: [1, { b: 2 }] } },
  nowMs: 0,
  seed: 'seed',
  ...over,
});

function valueOfQuery(text: string): Json {
  const result = evaluateQuery(text, scope(), 'Field');
  if (!result.ok) throw new Error(`${result.error}: ${result.problem}`);
  return result.value;
}

describe('a path', () => {
  test.each<[string, Json]>([
    ['$.name', 'Ada'],
    ['$größe', 7],
    ["$['name']", 'Ada'],
    ['$.delivery-partner', 'UQS'],
    ['$.nothing', null],
    ['$.list[1]', 20],
    ['$.list[-1]', 40],
    ['$.list[0,2]', [10, 30]],
    ['$.list[1:3]', [20, 30]],
    ['$.list[-2:]', [30, 40]],
    ['$.list[::2]', [10, 30]],
    ['$.books[*].title', ['A', 'B', 'C']],
    ['$..price', [8, 12, 12]],
    ["$.books[0]['title','price']", { title: 'A', price: 8 }],
    ['$.books[?(@.price > 10)].title', ['B', 'C']],
    ['$.books[?(@.price == 12 && !@.sold)].title', ['B']],
    ["$.books[?(@.title == 'A' || @.sold)].title", ['A', 'C']],
    ["$.books[?(@.title in ['A', 'B'])].price", [8, 12]],
    ['$.list.length()', 4],
    ['$.books[*].price.sum()', 32],
    ['$.missing[*].title', []],
    ['$.missing[1:]', []],
    ['$.list.[0]', 10],
    ['$.books.[?(@.price > 10)].title', ['B', 'C']],
    ["$.['name']", 'Ada'],
    ['$.a&b', 1],
    ['$.x@y.$ref', 2],
    ['$.x@y.@type', 't'],
    ["$['it\\'s']", 3],
    ['$["it\'s"]', 3],
    // The recorded service keeps a backslash in a quoted name; one that was meant as an escape is read as one all the same.
    ['$[\'Test\\""Name"\']', 4],
    ["$['back\\slash']", 5],
    ["$['back\\\\slash']", 5],
    ["$['gr\\u00f6\\u00dfe']", 6],
    ["$.cities[?(@.name == 'K\\u00f6ln')].area", [405]],
    ['$.cities[?(@.name == Bonn)].name', ['Bonn']],
    ['$.cities[?(@.pop&area == 1 && @.area)].name', ['Köln']],
    ['$.cities[?(@.name in [Bonn, Essen])].name', ['Bonn']],
    ["$['books','cities'][0].title", ['A']],
    [
      "$['cities','books'][*]['name','title']",
      [{ name: 'Köln' }, { name: 'Bonn' }, { title: 'A' }, { title: 'B' }, { title: 'C' }],
    ],
    ['$.books[?(@.tags.length() == 1)].title', ['A']],
    ['$.books[?(@.title.length() > 0)].title', ['A', 'B', 'C']],
    ['$.books[?(@.tags.length())].title', ['A']],
    ['$.books[?(!@.tags[*])].title', ['B', 'C']],
    ['$.name.length()', 3],
    ['$$.Execution.Name', 'run'],
    ['$n', 5],
    ['$deep.a[1].b', 2],
  ])('%s', (text, value) => {
    expect(valueOfQuery(text)).toEqual(value);
  });

  test.each([['$.missing'], ['$.list[9]'], ['$.name.first'], ['$other'], ['$$.Execution.Id']])(
    '%s leads nowhere and says so',
    (text) => {
      const result = evaluateQuery(text, scope(), 'Field');
      expect(result).toMatchObject({ ok: false, error: 'States.Runtime' });
      expect(result.ok ? '' : result.problem).toContain(`'${text}' specified for the field 'Field'`);
    },
  );

  test('looks at members of the data only, not at what every object has', () => {
    expect(evaluateQuery('$.constructor', scope(), 'Field')).toMatchObject({ ok: false });
    expect(evaluateQuery('$toString', scope(), 'Field')).toMatchObject({ ok: false });
  });

  test('over too much data is stopped by counting', () => {
    const wide = { rows: Array.from({ length: 60_000 }, (_, n) => ({ n, inner: [n] })) };
    const result = evaluateQuery('$..n', scope({ input: wide }), 'Field');
    expect(result).toMatchObject({ ok: false, error: 'States.QueryEvaluationError' });
    expect(result.ok ? '' : result.problem).toContain('stopped after');
  });
});

describe('an intrinsic function', () => {
  test.each<[string, Json]>([
    ["States.Format('{} is {} of {}', $.name, 1.5, $.list)", 'Ada is 1.5 of [10, 20, 30, 40]'],
    ["States.Format('\\{{}\\}: it\\'s', null)", "{null}: it's"],
    ['States.StringToJson(\'[1, {"a": null}]\')', [1, { a: null }]],
    ['States.JsonToString($.books[0])', '{"title":"A","price":8,"tags":["x"]}'],
    ['States.Array()', []],
    ["States.Array(1, 'b', true, $.nothing)", [1, 'b', true, null]],
    ['States.ArrayPartition($.list, 3)', [[10, 20, 30], [40]]],
    ['States.ArrayContains($.books, $.books[1])', true],
    ['States.ArrayRange(5, 1, -2)', [5, 3, 1]],
    ['States.ArrayRange(3, 1, 1)', []],
    ['States.ArrayGetItem($.list, 2)', 30],
    ['States.ArrayLength($.list)', 4],
    ['States.ArrayUnique(States.Array(2, 1, 2, 3, 1.0))', [2, 1, 3]],
    ["States.Base64Encode('zażółć 🆗')", 'emHFvMOzxYLEhyDwn4aX'],
    ["States.Base64Decode('emHFvMOzxYLEhyDwn4aX')", 'zażółć 🆗'],
    ["States.Hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ["States.StringSplit('This.is+a,test=string', '.+,=')", ['This', 'is', 'a', 'test', 'string']],
    ['States.MathAdd(-0.5, 0)', 0],
    ['States.JsonMerge(States.StringToJson(\'{"a":{"b":1}}\'), States.StringToJson(\'{"a":2}\'), false)', { a: 2 }],
    [
      'States.JsonMerge(States.StringToJson(\'{"a":{"b":1,"l":[1],"c":{"d":1}},"x":1}\'), States.StringToJson(\'{"a":{"c":{"e":2},"l":[2]},"x":{"y":1}}\'), true)',
      { a: { b: 1, l: [2], c: { d: 1, e: 2 } }, x: { y: 1 } },
    ],
    [
      'States.JsonMerge(States.StringToJson(\'{"__proto__":{"a":1}}\'), States.StringToJson(\'{"__proto__":{"b":2}}\'), true)',
      JSON.parse('{"__proto__":{"a":1,"b":2}}'),
    ],
    ['States.MathRandom(7, 8)', 7],
  ])('%s', (text, value) => {
    expect(valueOfQuery(text)).toEqual(value);
  });

  test.each([
    ['States.ArrayGetItem($.list, 4)'],
    ['States.ArrayPartition($.list, 0)'],
    ['States.ArrayRange(1, 2000, 1)'],
    ["States.StringToJson('{')"],
    ["States.StringToJson('1e400')"],
    ["States.StringToJson('[-1e999]')"],
    [`States.StringToJson('${'['.repeat(600)}${']'.repeat(600)}')`],
    ["States.Base64Decode('?')"],
    ["States.Hash('a', 'SHA-3')"],
    ["States.Format('{} {}', 1)"],
    ['States.JsonMerge($.books[0], $.books[1], 1)'],
    ['States.JsonMerge($.books[0], $.list, true)'],
    ['States.MathAdd($.name, 1)'],
  ])('%s fails in its own name', (text) => {
    expect(evaluateQuery(text, scope(), 'Field')).toMatchObject({ ok: false, error: 'States.IntrinsicFailure' });
  });

  test('that is random answers from the seed', () => {
    const draw = (seed: string) =>
      evaluateQuery('States.Array(States.UUID(), States.MathRandom(0, 1000))', scope({ seed }), 'F');
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  test('that reads a text nested without end is stopped', () => {
    const input = { text: `${'['.repeat(50_000)}${']'.repeat(50_000)}` };
    const result = evaluateQuery('States.ArrayContains(States.StringToJson($.text), 1)', scope({ input }), 'Field');
    expect(result).toMatchObject({ ok: false, error: 'States.IntrinsicFailure' });
  });

  test('is not built from data: a text of the input is never a function', () => {
    const result = evaluatePayload({ 'a.$': '$.text' }, scope({ input: { text: 'States.UUID()' } }), 'Parameters');
    expect(result).toMatchObject({ ok: true, value: { a: 'States.UUID()' } });
  });
});

describe('a payload template', () => {
  test('fills what ends in .$, at any depth, and takes the rest literally', () => {
    const template = {
      'who.$': '$.name',
      plain: '$.name',
      in: [{ 'n.$': '$n' }, 'States.UUID()'],
      'all.$': '$.list[*]',
    };
    expect(evaluatePayload(template, scope(), 'Parameters')).toMatchObject({
      ok: true,
      value: { who: 'Ada', plain: '$.name', in: [{ n: 5 }, 'States.UUID()'], all: [10, 20, 30, 40] },
    });
  });

  test('that grows beyond all bounds is stopped', () => {
    const input = 'x'.repeat(1_000);
    const template = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`m${n}.$`, '$']));
    const limits = { ...DEFAULT_LIMITS, maxCharacters: 20_000 };
    expect(evaluatePayload(template, scope({ input }), 'Parameters', limits)).toMatchObject({
      ok: false,
      error: 'States.QueryEvaluationError',
    });
  });
});
