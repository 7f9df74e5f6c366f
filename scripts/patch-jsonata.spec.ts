import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { patchedJsonata, patchedTypes } from './patch-jsonata.mjs';

test('the JSONata in libs/asl/vendor is the published one with the edits of the script', () => {
  const kept = (name: string) =>
    readFileSync(fileURLToPath(new URL(`../libs/asl/vendor/${name}`, import.meta.url)), 'utf8');
  expect(kept('jsonata.cjs') === patchedJsonata(), 'node scripts/patch-jsonata.mjs').toBe(true);
  expect(kept('jsonata.d.cts') === patchedTypes(), 'node scripts/patch-jsonata.mjs').toBe(true);
});
