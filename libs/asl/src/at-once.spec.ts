import fc from 'fast-check';
import { expect, test } from 'vitest';
import jsonata from '#jsonata';
import { compileExpression } from './expression.js';
import { evaluate, type Json, type JsonObject } from './index.js';

const scopeOf = (variables: JsonObject) => ({
  states: { input: variables, context: {}, result: variables },
  variables,
  nowMs: 0,
  seed: '',
});
const known = (body: string) => {
  const compiled = compileExpression(body);
  return compiled.ok ? compiled.expression.atOnce : null;
};

test.each(['$a', '$a.b', '$states.result.a.b', '$a.b + 1', '$a - 1', '2 * $a', '$a.b >= 9', '$a = $b', '$a + 1 < $b'])(
  '%s is answered at once',
  (body) => {
    expect(known(body)).not.toBeNull();
  },
);

test.each([
  ...['$', '$$', 'a', '$a[0]', '$a.b[0]', '$a.b[x = 1]', '$a.*', '$a.**', '$a.%', '$a.b^(c)', '$a.b{c: d}', '$a@$b.c'],
  ...['$a#$i.b', '$a.(b)', '$a[]', '$a.b[]', '$a & "x"', '$a / 2', '$a % 2', '$a and $b', '$a in $b', '[$a]', '"text"'],
  ...[
    '$sum($a)',
    '$a := 1',
    '($a)',
    '$a ? 1 : 2',
    '-$a',
    '$a.$b',
    '$a."b".c[]',
    '{"a": $a}',
    '$a ~> $sum',
    'true',
    'null',
  ],
])('%s is not', (body) => {
  expect(known(body)).toBeNull();
});

/** Values with what JSONata has rules for: lists, also of one item and of none, null, and members of odd names. */
const names = fc.constantFrom('a', 'b', 'constructor', '__proto__', 'length', 'sequence', 'sum');
const { value: values } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, 0, -0, 1, 9, 1e308, '', 'text', '9', []),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const operands = fc.oneof(
  fc.constantFrom('$a', '$b', '$sum', '$states.result.a', '1', '9', '0'),
  fc
    .tuple(fc.constantFrom('$a', '$b', '$sum', '$states.input'), fc.array(names, { minLength: 1, maxLength: 3 }))
    .map(([variable, path]) => [variable, ...path.map((name) => `\`${name}\``)].join('.')),
);
const bodies = fc.oneof(
  operands,
  fc
    .tuple(operands, fc.constantFrom('+', '-', '*', '=', '!=', '<', '<=', '>', '>='), operands)
    .map(([a, operator, b]) => `${a} ${operator} ${b}`),
);

test('what is answered at once is what JSONata says, whatever the data are', async () => {
  let answered = 0;
  const property = fc.asyncProperty(bodies, fc.record({ a: values, b: values }), async (body, variables) => {
    const atOnce = known(body);
    expect(atOnce).not.toBeNull();
    const scope = scopeOf(JSON.parse(JSON.stringify(variables)));
    const bound: JsonObject = { ...scope.variables, states: scope.states };
    const found = atOnce?.value((name) => (Object.hasOwn(bound, name) ? bound[name] : undefined));
    if (found === undefined) return;
    answered += 1;
    expect(JSON.stringify(found)).toBe(JSON.stringify(await jsonata(body).evaluate(undefined, bound)));
  });
  await fc.assert(property, { numRuns: 2_000 });
  expect(answered).toBeGreaterThan(200);
});

test('it costs as many steps as when JSONata is asked', async () => {
  const variables = { a: { b: { c: 3 } }, n: 2, text: 'x', list: [1] };
  for (const body of ['$n', '$a', '$a.b', '$a.b.c', '$n + 1', '$a.b.c >= 9', '$a.b.c - $n * 2', '$text', '$n = $n']) {
    const asked = await evaluate(['{% $list %}', `{% ${body} %}`], scopeOf(variables), 'Output');
    const list = await evaluate('{% $list %}', scopeOf(variables), 'Output');
    const alone = await evaluate(`{% ${body} %}`, scopeOf(variables), 'Output');
    expect([body, alone.steps]).toEqual([body, asked.steps - list.steps]);
    expect(alone).toMatchObject({ ok: true, value: asked.ok && Array.isArray(asked.value) ? asked.value[1] : 'none' });
  }
});

test('a template of such expressions is filled as any other, at any depth', async () => {
  const template = {
    x: '{% $n + 1 %}',
    list: ['{% $a.b %}', 1, 'plain'],
    same: { deep: '{% $states.input.n %}' },
    __proto: 1,
  };
  const variables = { n: 2, a: { b: { c: [1, { d: null }] } } };
  expect(await evaluate(template, scopeOf(variables), 'Arguments')).toMatchObject({
    ok: true,
    value: { x: 3, list: [{ c: [1, { d: null }] }, 1, 'plain'], same: { deep: 2 }, __proto: 1 },
  });
});

test('what is missing, or is too much, fails in the same words as ever', async () => {
  const scope = scopeOf({ n: 1, text: 'x'.repeat(100) });
  expect(await evaluate('{% $n.b %}', scope, 'Output')).toMatchObject({
    ok: false,
    problem: "The JSONata expression '$n.b' specified for the field 'Output' returned nothing (undefined).",
  });
  expect(await evaluate('{% $text + 1 %}', scope, 'Output')).toMatchObject({ ok: false, problem: /T2001/ });
  const limits = { maxSteps: 100, maxDepth: 100, maxItems: 100, maxCharacters: 10 };
  expect(await evaluate('{% $text %}', scope, 'Output', limits)).toMatchObject({ ok: false, problem: /characters/ });
  expect(await evaluate('{% $n + 1 %}', scope, 'Output', { ...limits, maxSteps: 2 })).toMatchObject({ ok: false });
});
