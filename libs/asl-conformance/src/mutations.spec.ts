import { readFileSync } from 'node:fs';
import { parseDefinition } from '@baton/asl';
import { parseWorkflowDocument } from '@baton/workflow';
import { mutated } from '@baton/workflow/testing/runs';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { z } from 'zod';
import { Case } from './case-file.js';

const CASES = new URL('../cases/cases.json', import.meta.url);
const definitions = z
  .array(Case)
  .parse(JSON.parse(readFileSync(CASES, 'utf8')))
  .map(({ definition }) => definition);
const numRuns = inject('effort') === 'long' ? 20_000 : 600;
const anyResource = () => null;

test('whatever befell a recorded definition, parseDefinition gives findings', () => {
  fc.assert(
    fc.property(fc.constantFrom(...definitions).chain(mutated), ({ value }) => {
      expect(() => {
        const { ok, findings } = parseDefinition(value, { checkResource: anyResource });
        expect(ok).toBe(findings.every(({ severity }) => severity !== 'error'));
      }).toComputeWithin(2_000);
    }),
    { numRuns },
  );
});

test('and so does the reader of documents', () => {
  const document = (definition: unknown) => ({ name: 'mutated', version: '1.0.0', title: 'Mutated', definition });
  fc.assert(
    fc.property(
      fc
        .constantFrom(...definitions)
        .map(document)
        .chain(mutated),
      ({ value }) => {
        expect(() => {
          const { ok, findings } = parseWorkflowDocument(value);
          expect(ok).toBe(findings.every(({ severity }) => severity !== 'error'));
        }).toComputeWithin(2_000);
      },
    ),
    { numRuns },
  );
});

test('as many states and ways as a document can hold are looked at in time, and few are named', () => {
  const choice = (at: number) => ({
    Type: 'Choice',
    Choices: Array.from({ length: 8 }, (_, way) => ({ Condition: true, Next: `S${(at * 7 + way * 131) % 2_000}` })),
    Default: at === 1_999 ? 'End' : `S${at + 1}`,
  });
  const chain = Array.from({ length: 2_000 }, (_, at) => [`S${at}`, choice(at)] as const);
  const States = { ...Object.fromEntries(chain), End: { Type: 'Succeed' } };
  expect(() => {
    const { findings } = parseDefinition({ QueryLanguage: 'JSONata', StartAt: 'S0', States });
    expect(findings).toMatchObject([{ code: 'unbounded-loop', message: expect.stringContaining('→ … (2000 states)') }]);
    expect(findings[0]?.message.length).toBeLessThan(400);
  }).toComputeWithin(2_000);
});

test('a type that is an object with a toString of its own is no type', () => {
  const States = { A: { Type: { toString: 1e308 }, End: true } };
  expect(parseDefinition({ StartAt: 'A', States }, { checkResource: anyResource })).toMatchObject({
    ok: false,
    findings: [expect.objectContaining({ pointer: '/States/A/Type' })],
  });
});
