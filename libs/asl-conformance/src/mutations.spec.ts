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
