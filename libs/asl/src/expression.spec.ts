import { expect, test } from 'vitest';
import { compileExpression, expressionBody, isExpression } from './expression.js';
import { repeatsRepetition } from './expression-syntax.js';

test.each([
  ['{% $a %}', true],
  ['{%%}', true],
  ['{%', false],
  ['{%}', false],
  [' {% $a %}', false],
  ['{% $a %} ', false],
  ['text', false],
])('%j is an expression: %s', (text, expected) => {
  expect(isExpression(text)).toBe(expected);
});

test('the body is what stands between the brackets', () => {
  expect(expressionBody('{% $a\n & $b %}')).toBe('$a\n & $b');
});

test('compiling again gives the same expression back', () => {
  expect(compileExpression('$once + 1')).toBe(compileExpression('$once + 1'));
});

test('the cache stays within its bounds and forgets the oldest', () => {
  const first = compileExpression('"oldest"');
  for (let i = 0; i < 4_100; i += 1) compileExpression(String(i));
  expect(compileExpression('"oldest"')).not.toBe(first);
});

test('what does not parse says why and where', () => {
  expect(compileExpression('$a +')).toEqual({ ok: false, problem: expect.stringContaining('S0207') });
  expect(compileExpression('')).toMatchObject({ ok: false });
  expect(compileExpression(`"${'x'.repeat(20_000)}"`)).toMatchObject({
    ok: false,
    problem: expect.stringContaining('longer'),
  });
});

test.each([
  ['(a+)+', true],
  ['(a*)*', true],
  ['((ab)*c)*', true],
  ['(a{2,})+', true],
  ['(?:a|b+)*', true],
  ['(a+b)?(c+)', false],
  ['(abc)+', false],
  ['a+b+c*', false],
  ['([+*]x)+', false],
  ['(\\+x)+', false],
  ['(a{2,3})+', false],
])('/%s/ repeats a repetition: %s', (source, expected) => {
  expect(repeatsRepetition(source)).toBe(expected);
});
