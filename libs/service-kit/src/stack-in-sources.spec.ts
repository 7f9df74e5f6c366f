import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stackInSources } from './stack-in-sources.js';

/** A map of one place: the beginning of this line, counted from 1, is where line 2 of the source begins. */
const mapFrom = (line: number, source: string): string =>
  JSON.stringify({ version: 3, sources: [source], names: [], mappings: `${';'.repeat(line - 1)}AACA` });

test('a stack names the lines of the sources, through the bundle and the compiler', () => {
  const root = mkdtempSync(join(tmpdir(), 'baton-stack-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ['dist', 'lib/dist']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'dist/planner.js.map'), mapFrom(4, '../lib/dist/plan.js'));
  writeFileSync(join(root, 'lib/dist/plan.js.map'), mapFrom(2, '../src/plan.ts'));
  const stack = (place: string) => `Error: no plan\n    at plan (${place})\n    at node:internal/timers:581:17`;
  expect(stackInSources(stack(`file://${root}/dist/planner.js:4:1`))).toBe(stack(`${root}/lib/src/plan.ts:2:1`));
  const unmapped = stack(`file://${root}/other.js:4:1`);
  expect(stackInSources(unmapped)).toBe(unmapped);
});
