import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ROOT, type Stack } from '@baton/test-stack';
import { afterAll, describe, expect, inject } from 'vitest';
import { blocksOf, inOneShell, missingIn } from './testing/page-commands.js';
import { test } from './testing/shared-stack.js';

const folders: string[] = [];
let stack: Stack;

/**
 * Pages whose commands stand for themselves: a reader takes them in their order, with a stack at hand. The short form has the
 * migrations; that the commands of all pages exist is looked at in `apps/cli/src/documented-commands.spec.ts`.
 */
const OF_SHORT = ['docs/migrate-*.md'];
const OF_LONG = ['docs/migrate-*.md', 'docs/how-to/*.md'];
const PAGES = globSync(inject('effort') === 'long' ? OF_LONG : OF_SHORT, { cwd: ROOT }).toSorted();

test.beforeAll(async ({ everything }) => {
  stack = everything;
  await mkdir(join(ROOT, 'out'), { recursive: true });
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describe('every command does what the page shows', () => {
  test.for(PAGES)('%s', async (page, { signal }) => {
    const folder = await mkdtemp(join(ROOT, 'out/try-'));
    folders.push(folder);
    const asHere = (text: string): string =>
      text.replaceAll('.baton/', `${stack.home}/`).replaceAll('out/try', `out/${basename(folder)}`);
    const blocks = blocksOf(await readFile(join(ROOT, page), 'utf8')).filter(({ note }) => !note.startsWith('not run'));
    const commands = ['source .baton/env', ...blocks.map((block) => block.commands)].map(asHere);
    const [, ...outcomes] = await inOneShell(commands, { cwd: ROOT, env: stack.env, signal });
    for (const [index, { output, exitCode }] of outcomes.entries()) {
      const block = blocks[index];
      const told = `${block?.commands}exit code ${exitCode}\n${output}`;
      expect(missingIn(output, (block?.shown ?? []).map(asHere)), told).toEqual([]);
      expect(exitCode, told).toBe(block?.exitCode ?? 0);
    }
  });
});
