import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { programOf } from './program.js';

const NOTES = 'apps/planner/dist/tsconfig.tsbuildinfo';

function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), 'baton-program-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(dirname(join(root, NOTES)), { recursive: true });
  writeFileSync(join(root, NOTES), '{}');
  return root;
}

function bundle(root: string): void {
  const { mtimeMs, size } = statSync(join(root, NOTES));
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/made-from.json'), JSON.stringify({ [NOTES]: `${mtimeMs} ${size}` }));
}

test('a program is run from the bundle of what is built', () => {
  const root = checkout();
  bundle(root);
  expect(programOf(root, 'planner')).toBe(join(root, 'dist/apps/planner.js'));
});

test('a program is run from its modules where there is no bundle, or one of an older or a removed build', () => {
  const root = checkout();
  const modules = join(root, 'apps/planner/dist/main.js');
  expect(programOf(root, 'planner')).toBe(modules);
  bundle(root);
  utimesSync(join(root, NOTES), 1, 1);
  expect(programOf(root, 'planner')).toBe(modules);
  bundle(root);
  rmSync(join(root, NOTES));
  expect(programOf(root, 'planner')).toBe(modules);
});
