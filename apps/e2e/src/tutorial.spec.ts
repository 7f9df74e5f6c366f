import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FOR_SEVEN_STEPS, ROOT, Stack } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf, inOneShell, missingIn, type Outcome } from './testing/page-commands.js';

let stack: Stack;
let folder: string;

beforeAll(async () => {
  await mkdir(join(ROOT, 'out'), { recursive: true });
  // Within the checkout, where a worker finds `@baton/worker` as the reader's does.
  folder = await mkdtemp(join(ROOT, 'out/tutorial-'));
  stack = await Stack.start({ args: FOR_SEVEN_STEPS });
});
afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The commands of the page for the stack and the folder of this test. */
const asHere = (text: string): string =>
  text.replaceAll('.baton/env', `'${join(stack.home, 'env')}'`).replaceAll('out/tutorial', `out/${basename(folder)}`);

test('a line that a page shows and that does not come is told, and so is one in another order', () => {
  const output = 'run 3f2a91c0 began\n 0:07  run succeeded after 7.7 s';
  expect(missingIn(output, ['run 00a56478 began', ' 0:03  run succeeded after 3.9 s'])).toEqual([]);
  expect(missingIn(output, ['run failed after 7.7 s'])).toEqual(['run failed after 7.7 s']);
  expect(missingIn(output, ['run succeeded after 1 s', 'run 00a56478 began'])).toEqual(['run 00a56478 began']);
});

test('every command of the tutorial does what the page shows', async ({ signal }) => {
  const [start, ...blocks] = blocksOf(await readFile(join(ROOT, 'docs/tutorial.md'), 'utf8'));
  expect(start).toMatchObject({ commands: 'npm start\n', note: 'first terminal' });
  const outcomes = await inOneShell(
    blocks.map(({ commands }) => asHere(commands)),
    { cwd: ROOT, env: stack.env, signal },
  );
  const told = ({ output, exitCode }: Outcome, index: number): string =>
    `${blocks[index]?.commands}exit code ${exitCode}\n${output}`;
  for (const [index, outcome] of outcomes.entries()) {
    const { shown = [], exitCode = 0 } = blocks[index] ?? {};
    expect(missingIn(outcome.output, shown.map(asHere)), told(outcome, index)).toEqual([]);
    expect(outcome.exitCode, told(outcome, index)).toBe(exitCode);
  }
  expect(outcomes.length).toBeGreaterThan(10);
});
