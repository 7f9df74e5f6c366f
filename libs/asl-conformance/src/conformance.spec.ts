import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Case, InvalidCase, KnownFailures } from './case-file.js';
import { differencesOf } from './compare.js';
import { type Outcome, parseDefinitionOf } from './execute.js';
import { isAsExpected, runCases, tableOf } from './report.js';

const DATA = new URL('../cases/', import.meta.url);
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(name, DATA), 'utf8'));

const cases = z.array(Case).parse(await read('cases.json'));
const invalid = z.array(InvalidCase).parse(await read('invalid.json'));

test('the recorded executions end as recorded, but for the listed ones', async () => {
  const report = await runCases(cases, KnownFailures.parse(await read('known-failures.json')));
  expect(isAsExpected(report), tableOf(report)).toBe(true);
  expect(report.byLanguage.JSONata?.failed).toBe(0);
  expect(report.passed / cases.length).toBeGreaterThan(0.95);
});

describe('what the service refuses is refused', () => {
  test.each(invalid)('$id', ({ definition, expect: { valid, location, diagnostics } }) => {
    // One of them is a state without a machine around it, under the name that the recorded location gives it.
    const isState = typeof definition === 'object' && definition !== null && 'Type' in definition;
    const whole = isState ? { StartAt: 'StateName', States: { StateName: definition } } : definition;
    const parsed = parseDefinitionOf(whole);
    expect(parsed.ok).toBe(valid);
    if (valid) return;
    const errors = parsed.findings.filter(({ severity }) => severity === 'error');
    const recorded = location ?? diagnostics?.[0]?.location ?? '';
    // The service writes the whole as `/`, and the place of a text that is no JSON as a line and a column.
    const pointer = /^\/./.test(recorded) ? recorded : '';
    expect(errors.map((each) => each.pointer)).toContain(`/definition${pointer}`);
    for (const { message } of errors) expect(message.length).toBeGreaterThan(10);
  });
});

describe('the comparison', () => {
  const recorded = Case.parse({
    id: 'a',
    queryLanguage: 'JSONata',
    features: [],
    definition: {},
    input: {},
    expect: { status: 'SUCCEEDED', output: { a: [1, { b: 2 }], id: 'x' }, error: null, cause: null },
    volatile: ['/output/id'],
    causeKind: 'absent',
    recordedEvents: [
      { type: 'PassStateEntered', name: 'S' },
      { type: 'PassStateExited', name: 'S' },
    ],
  });
  const outcome: Outcome = {
    status: 'SUCCEEDED',
    output: { a: [1, { b: 2 }] },
    error: null,
    cause: null,
    visited: ['entered S', 'exited S'],
  };

  test('lets pass what is equal but for its volatile parts', () => {
    expect(differencesOf(recorded, outcome)).toEqual([]);
  });

  test.each<[string, Partial<Outcome>]>([
    ['another status', { status: 'FAILED' }],
    ['another value', { output: { a: [1, { b: '2' }] } }],
    ['a member too many', { output: { a: [1, { b: 2, c: 3 }] } }],
    ['another error', { error: 'States.Runtime' }],
    ['another order of states', { visited: ['exited S', 'entered S'] }],
  ])('finds %s', (_what, over) => {
    expect(differencesOf(recorded, { ...outcome, ...over })).toHaveLength(1);
  });
});
