import { expect, test } from 'vitest';
import { argumentProblem } from './fit-arguments.js';

test.each([
  ['plain', ['src/sum.test.ts', 'tests/test_a.py::test_x[1-2]', "it's a name", 'src/übung.ts']],
  [
    ['--watch=false', 'src/*.test.ts', '--grep=*', 'a*b*c'],
    ['--watch=false', 'src/a/b.test.ts', '--grep=$(rm -rf /)', '--grep=', 'abc', 'a1b2c'],
  ],
  [null, []],
] as const)('%j takes %j', (rule, words) => {
  expect(argumentProblem(rule, words)).toBeNull();
});

test.each([
  [
    'plain',
    '--config=evil.js',
    'does not take "--config=evil.js": it takes names of files and of tests, and no options',
  ],
  ['plain', 'a;b', 'does not take "a;b"'],
  ['plain', '$(x)', 'does not take'],
  ['plain', '`x`', 'does not take'],
  ['plain', '', '1 to 500 characters'],
  ['plain', 'a\nb', 'no control characters'],
  ['plain', 'x'.repeat(501), '1 to 500 characters'],
  [null, 'a', 'takes no arguments'],
  [['src/*.test.ts'], 'src/.test.tsx', 'it takes "src/*.test.ts", where * stands for anything.'],
  [['aa*aa'], 'aaa', 'does not take'],
  [['a*b*c'], 'acb', 'does not take'],
  [['exact'], 'exactly', 'it takes "exact".'],
] as const)('%j does not take %j', (rule, word, sentence) => {
  expect(argumentProblem(rule, [word])).toContain(sentence);
});

test('not more than twenty, and none that keeps us busy', () => {
  expect(
    argumentProblem(
      'plain',
      Array.from({ length: 21 }, () => 'a'),
    ),
  ).toContain('20 arguments');
  expect(() => expect(argumentProblem(['*a'.repeat(90)], ['a'.repeat(89)])).not.toBeNull()).toComputeWithin(1_000);
});
