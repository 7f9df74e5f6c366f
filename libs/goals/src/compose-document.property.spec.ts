import type { JsonObject } from '@baton/asl';
import type { Composition, StepArgument } from '@baton/contracts';
import { parseWorkflowDocument } from '@baton/workflow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkComposition } from './check-composition.js';
import { whyNotComposed } from './composed-document.js';
import { estimateCost } from './estimate-cost.js';
import { matchGoal } from './match-goal.js';
import { candidatesOf } from './score.js';
import { shippedCatalog } from './testing/shipped-catalog.js';

const catalog = shippedCatalog();
const uses = candidatesOf(catalog).map(({ use }) => use);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('{% $goal %}', '{%', '__proto__', '`', '$x'),
);

const argument = fc.record<StepArgument>({
  name: fc.oneof(text, fc.constantFrom('text', 'prompt', 'variables.text', 'a.b.c', 'a.b', '__proto__.x')),
  from: fc.constantFrom('goal', 'input', 'step', 'text', 'json'),
  value: fc.oneof(text, fc.json(), fc.constantFrom('', 'data', 'One', 'One.summary', 'Two')),
});

/** Such as a model writes that follows the rules, now and then with a slip. */
const fitting = fc.record({
  name: fc.constantFrom('Four', 'Five', 'Six'),
  does: text,
  use: fc.constantFrom('worker:text-statistics', 'worker:translator'),
  arguments: fc
    .record({ name: fc.constant('text'), from: fc.constantFrom('goal', 'text', 'input'), value: text })
    .map((one) => [{ ...one, value: one.from === 'input' ? 'data' : one.value } as StepArgument]),
});

const composition: fc.Arbitrary<Composition> = fc.record({
  title: text,
  why: text,
  missing: fc.constant([]),
  steps: fc.array(
    fc.oneof(
      fitting,
      fc.record({
        name: fc.constantFrom('One', 'Two', 'Three', 'Prepare'),
        does: text,
        use: fc.constantFrom(...uses, 'worker:nobody', 'worker:deployer', 'workflow:goal@1.0.0'),
        arguments: fc.array(argument, { maxLength: 5 }),
      }),
    ),
    { maxLength: 3 },
  ),
});

const input: JsonObject = { data: 'x', text: 'y' };

test('whatever is composed either has a finding or is a document that can be published and that a run may publish', () => {
  let published = 0;
  fc.assert(
    fc.property(composition, (given) => {
      const checked = checkComposition(given, input, catalog);
      if (!checked.ok || checked.document === null) {
        expect(checked.findings.some(({ severity }) => severity === 'error')).toBe(true);
        return;
      }
      published += 1;
      expect(parseWorkflowDocument(checked.document)).toMatchObject({ ok: true });
      expect(whyNotComposed(checked.document)).toBeNull();
      expect(checkComposition(given, input, catalog)).toEqual(checked);
    }),
    { numRuns: 400 },
  );
  expect(published).toBeGreaterThan(0);
});

test('what the program matches by itself always passes the check, and has an estimate', () => {
  const words = fc.constantFrom(
    ...[
      'report',
      'website',
      'plan',
      'count',
      'words',
      'text',
      'sentiment',
      'message',
      'translate',
      'then',
      'research',
      'question',
    ],
    ...['support', 'build', 'and', 'the', 'code', 'tests', 'customers', 'Bericht', '…'],
  );
  let clear = 0;
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), (said) => {
      const { verdict, composition: composed } = matchGoal(said.join(' '), input, catalog);
      if (verdict !== 'clear' || composed === null) return;
      clear += 1;
      const checked = checkComposition(composed, input, catalog);
      expect(checked.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(checked.ok).toBe(true);
      expect(estimateCost(composed.steps, catalog).steps).toHaveLength(composed.steps.length);
    }),
    { numRuns: 300 },
  );
  expect(clear).toBeGreaterThan(20);
});

test('a document that somebody changed may not be published by a run', () => {
  const { composition: composed } = matchGoal('Count the words', input, catalog);
  const document = composed === null ? null : checkComposition(composed, input, catalog).document;
  if (document === null) throw new Error('it is not composed');
  expect(whyNotComposed(document)).toBeNull();
  expect(whyNotComposed({ ...document, title: 'Another' })).toContain('does not follow');
  expect(whyNotComposed({ ...document, name: 'seven-step' })).toContain('not that of a composed document');
});
