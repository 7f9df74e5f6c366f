import { describe, expect, test } from 'vitest';
import type { Json } from '../json.js';
import type { DataTest } from '../machine.js';
import { matchesPattern } from './choice-rule.js';
import { evaluatePath } from './evaluate-path.js';

const holds = (rule: object, value: Json, other: Json = null) =>
  evaluatePath(
    { kind: 'test', test: rule as DataTest },
    { input: { value, other }, context: {}, variables: {}, nowMs: 0, seed: '' },
    'Variable',
  );
const $ = '$.value';

describe('a rule', () => {
  test.each<[object, Json, boolean]>([
    [{ Variable: $, StringMatches: 'log-*.txt' }, 'log-1.txt', true],
    [{ Variable: $, StringMatches: 'log-*.txt' }, 7, false],
    [{ Variable: $, IsTimestamp: true }, '2026-01-31T12:00:00Z', true],
    [{ Variable: $, IsTimestamp: true }, '2026-01-31', false],
    [{ Variable: $, IsTimestamp: true }, '2026-01-31T24:00:00Z', false],
    [{ Variable: $, TimestampEquals: '2026-01-31T12:00:00.1234Z' }, '2026-01-31T12:00:00.1235Z', false],
    [{ Variable: $, TimestampGreaterThan: '2026-01-31T12:00:00.1234Z' }, '2026-01-31T12:00:00.1235Z', true],
    [{ Variable: $, TimestampLessThanEquals: '2026-01-31T12:00:00.1234Z' }, '2026-01-31T12:00:00.12341Z', false],
    [{ Variable: $, TimestampEquals: '2026-01-31T12:00:00Z' }, '2026-01-31T13:00:00+01:00', true],
    [{ Variable: $, NumericGreaterThan: 1 }, '2', false],
    [{ Variable: $, StringLessThan: 'b' }, 'a', true],
    [{ Variable: '$.nope', IsPresent: false }, 1, true],
    [{ Variable: '$nope', IsPresent: true }, 1, false],
    [{ Variable: '$.value', IsPresent: true }, null, true],
    [{ Not: { Variable: $, IsNull: true } }, null, false],
    [
      {
        And: [
          { Variable: '$.value', IsPresent: false },
          { Variable: '$.value.x', NumericEquals: 1 },
        ],
      },
      1,
      false,
    ],
    [
      {
        Or: [
          { Variable: $, NumericEquals: 1 },
          { Variable: '$.nope', NumericEquals: 1 },
        ],
      },
      1,
      true,
    ],
  ])('%j of %j: %s', (rule, value, expected) => {
    expect(holds(rule, value)).toMatchObject({ ok: true, value: expected });
  });

  test('compares with what another path leads to', () => {
    expect(holds({ Variable: $, NumericLessThanEqualsPath: '$.other' }, 2, 2)).toMatchObject({ value: true });
    expect(holds({ Variable: $, StringEqualsPath: '$.other' }, 'a', 1)).toMatchObject({ value: false });
  });

  test('about a variable that is not there fails, unless it asks for just that', () => {
    expect(holds({ Variable: '$.nope', NumericEquals: 1 }, 1)).toMatchObject({ ok: false, error: 'States.Runtime' });
  });
});

test.each([
  ['', '', true],
  ['', '*', true],
  ['abc', 'a*c', true],
  ['abc', 'a*b', false],
  ['abab', '*ab', true],
  ['ab', 'ab*b', false],
  ['a*c', 'a\\*c', true],
  ['abc', 'a\\*c', false],
  ['a\\c', 'a\\\\c', true],
  ['aXbXc', '*X*X*', true],
  [`${'a'.repeat(20_000)}b`, `${'*a'.repeat(200)}*c`, false],
])('a pattern matches: %#', (text, pattern, expected) => {
  expect(matchesPattern(text, pattern)).toBe(expected);
});
