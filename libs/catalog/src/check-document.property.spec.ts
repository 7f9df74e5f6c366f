import { readdirSync, readFileSync } from 'node:fs';
import { mutated } from '@baton/workflow/testing/runs';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { checkDocument } from './check-document.js';
import { parseYaml } from './parse-yaml.js';

const WORKFLOWS = new URL('../../../workflows/', import.meta.url);
const shipped = readdirSync(WORKFLOWS)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => parseYaml(readFileSync(new URL(file, WORKFLOWS), 'utf8')));

test('whatever befell a document, the check gives findings: it neither throws nor takes long', () => {
  fc.assert(
    fc.property(fc.constantFrom(...shipped).chain(mutated), ({ value }) => {
      expect(() => {
        const checked = checkDocument(value);
        if (!checked.ok) expect(checked.findings.some(({ severity }) => severity === 'error')).toBe(true);
        for (const { pointer, message } of checked.findings) {
          expect(pointer === '' || pointer.startsWith('/')).toBe(true);
          expect(message.length).toBeGreaterThan(5);
        }
      }).toComputeWithin(2_000);
    }),
    { numRuns: inject('effort') === 'long' ? 1_500 : 300 },
  );
});
