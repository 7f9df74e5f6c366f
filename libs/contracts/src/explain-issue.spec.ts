import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { explainIssues } from './explain-issue.js';
import { SubmitRunBody } from './http.js';
import { nearestName } from './suggest.js';

const said = (schema: z.ZodType, value: unknown): readonly string[] => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return explainIssues(parsed.error, value, schema).map(
    ({ path, detail }) => `${path.map(String).join('.')}: ${detail}`,
  );
};

describe('what is wrong with a value', () => {
  test.each<[string, z.ZodType, unknown, readonly string[]]>([
    ['a missing member', z.object({ a: z.string() }), {}, ['a: is missing; it is a text']],
    ['another type', z.object({ a: z.string() }), { a: 1 }, ['a: must be a text, not a number']],
    ['a list for an object', z.object({}), [], [': must be an object, not a list']],
    ['an empty text', z.string().min(1), '', [': must not be empty']],
    ['a short list', z.array(z.int()).min(2), [1], [': must have at least 2 items']],
    ['a large number', z.number().max(3), 4, [': must be at most 3']],
    ['a number that is not more', z.number().positive(), 0, [': must be more than 0']],
    ['a fraction', z.int(), 1.5, [': must be a whole number']],
    ['another word', z.enum(['hybrid', 'llm']), 'hibrid', [': must be one of "hybrid", "llm"; did you mean "hybrid"?']],
    ['another constant', z.literal('a'), 'b', [': must be "a"']],
    ['no URL', z.url(), 'x', [': must be a URL']],
    ['a form', z.string().regex(/^a+$/), 'b', [': must be of the form /^a+$/']],
    ['a form in words', z.string().regex(/^a+$/, 'must be all a'), 'b', [': must be all a']],
    [
      'an unknown name',
      z.strictObject({ budget: z.int() }),
      { budget: 1, bugdet: 1 },
      ['bugdet: is not known here; did you mean "budget"?'],
    ],
    [
      'an unknown name further in',
      z.object({ a: z.array(z.strictObject({ name: z.string() })).optional() }),
      { a: [{ name: 'x', nmae: 1 }] },
      ['a.0.nmae: is not known here; did you mean "name"?'],
    ],
    ['none of two types', z.union([z.string(), z.number()]), true, [': must be a text or a number']],
    [
      'none of two objects',
      z.union([z.object({ a: z.object({ b: z.int() }) }), z.object({ c: z.int() })]),
      { a: { b: 'x' } },
      ['a.b: must be a number, not a text'],
    ],
  ])('of %s is said in words', (_, schema, value, expected) => {
    expect(said(schema, value)).toEqual(expected);
  });

  test('of a submission names the member that was misspelt, and the one that was meant', () => {
    expect(said(SubmitRunBody.strict(), { workflow: 'x', input: {}, bugdet: { usd: 1 } })).toEqual([
      'bugdet: is not known here; did you mean "budget"?',
    ]);
  });

  test('is never told in the terms of the validator, whatever was sent', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          workflow: fc.jsonValue(),
          input: fc.jsonValue(),
          budget: fc.jsonValue(),
          labels: fc.jsonValue(),
          decisions: fc.jsonValue(),
          priority: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(anything, (value) => {
        for (const line of said(SubmitRunBody, value))
          expect(line).not.toMatch(/Invalid|received|Too (small|big)|undefined/);
      }),
    );
  });
});

describe('the name that was meant', () => {
  test.each([
    ['seven-stp', 'seven-step'],
    ['Report', 'report'],
    ['bugdet', 'budget'],
    ['uds', 'usd'],
    ['cat', null],
    ['report', null],
    ['x'.repeat(1_000), null],
  ])('by %s is %s', (word, expected) => {
    expect(nearestName(word, ['seven-step', 'report', 'budget', 'usd'])).toBe(expected);
  });
});
