import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkPaths, deliverableOf } from './deliverable.js';
import { writeOutDirectory } from './out-directory.js';

let dir: string;
const out = () => join(dir, 'out');
const write = (files: Record<string, string>, force = false) =>
  writeOutDirectory(
    out(),
    Object.entries(files).map(([path, content]) => ({ path, content })),
    { home: join(dir, 'home'), force },
  );
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baton-out-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a folder', () => {
  test('that does not exist gets the files and nothing else', async () => {
    await write({ 'src/a.ts': 'a', 'README.md': 'r' });
    expect(readdirSync(out(), { recursive: true }).sort()).toEqual(['README.md', 'src', 'src/a.ts']);
  });
  test('that baton wrote is written again, and files that are gone from the set go', async () => {
    await write({ 'a.ts': '1', 'b.ts': '1' });
    await write({ 'a.ts': '2' });
    expect(readdirSync(out())).toEqual(['a.ts']);
    expect(readFileSync(join(out(), 'a.ts'), 'utf8')).toBe('2');
  });
  test('with a file of somebody else is left alone', async () => {
    await write({ 'a.ts': '1' });
    writeFileSync(join(out(), 'mine.txt'), 'x');
    await expect(write({ 'a.ts': '2' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('mine.txt'),
    });
    expect(readFileSync(join(out(), 'a.ts'), 'utf8')).toBe('1');
  });
  test('in which a written file was changed is left alone', async () => {
    await write({ 'a.ts': '1' });
    writeFileSync(join(out(), 'a.ts'), 'edited');
    await expect(write({ 'a.ts': '2' })).rejects.toMatchObject({ code: 'usage' });
    expect(readFileSync(join(out(), 'a.ts'), 'utf8')).toBe('edited');
  });
  test('with something in it is written into with --force, and the rest stays', async () => {
    mkdirSync(out());
    writeFileSync(join(out(), 'mine.txt'), 'x');
    await write({ 'a.ts': '2' }, true);
    expect(readdirSync(out()).sort()).toEqual(['a.ts', 'mine.txt']);
  });
  test('is never left through a symbolic link', async () => {
    mkdirSync(out());
    mkdirSync(join(dir, 'elsewhere'));
    symlinkSync(join(dir, 'elsewhere'), join(out(), 'src'));
    await expect(write({ 'src/a.ts': '1' }, true)).rejects.toMatchObject({
      message: expect.stringContaining('symbolic link'),
    });
    expect(existsSync(join(dir, 'elsewhere/a.ts'))).toBe(false);
  });
  test('that is a file is refused in a sentence', async () => {
    writeFileSync(out(), 'x');
    await expect(write({ 'a.ts': '1' })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('the paths of a deliverable', () => {
  const check = (...paths: readonly string[]) => checkPaths(paths.map((path) => ({ path, content: '' })));
  test.each([
    '../a',
    'a/../../b',
    '/etc/passwd',
    'C:/x',
    'a\\b',
    '',
    'a//b',
    './a',
    'a/.',
    '~/x',
    'a\0b',
    'a/',
    '.git/config',
    'a/.GIT/hooks/x',
    'node_modules/x',
  ])('%j is refused', (path) => {
    expect(() => check('ok.ts', path)).toThrow(/nothing was written/);
  });
  test('that stand inside the folder are fine', () => {
    expect(() => check('a.ts', 'src/deep/b.ts', '.gitignore', 'a..b', 'ünïcode.md')).not.toThrow();
  });
  test('may stand only once', () => {
    expect(() => check('a.ts', 'a.ts')).toThrow(/two files/);
  });
});

test('the deliverable is the output itself, or its code', () => {
  const files = [{ path: 'a.ts', content: 'x' }];
  expect(deliverableOf({ files, testCommand: 'node --test', plan: {} })).toEqual({
    files,
    testCommand: 'node --test',
    notes: null,
  });
  expect(deliverableOf({ code: { files, notes: 'n' } })).toEqual({ files, testCommand: null, notes: 'n' });
  expect(deliverableOf({ answer: 42 })).toBeNull();
  expect(deliverableOf(null)).toBeNull();
});
