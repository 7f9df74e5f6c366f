import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tarOf } from './tar.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-tar-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Written by us, read by the tar of the machine. */
function unpacked(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const archive = tarOf(Object.entries(files).map(([path, text]) => ({ path, bytes: bytesOf(text) })));
  writeFileSync(join(folder, 'a.tar'), Buffer.concat(archive));
  const out = mkdtempSync(join(folder, 'out-'));
  execFileSync('tar', ['-xf', join(folder, 'a.tar'), '-C', out], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const found = readdirSync(out, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Object.fromEntries(
    found.map((each) => {
      const path = join(each.parentPath, each.name);
      return [path.slice(out.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

test.each<[string, Readonly<Record<string, string>>]>([
  [
    'files in folders',
    { 'a.txt': 'a\n', 'src/b.ts': 'x'.repeat(511), 'src/c.ts': 'x'.repeat(512), 'src/d': 'x'.repeat(513) },
  ],
  ['an empty file', { empty: '' }],
  ['a path of more than a hundred characters', { [`${'deep/'.repeat(30)}end.md`]: 'deep' }],
  ['a name of more than a hundred characters', { [`${'n'.repeat(180)}.md`]: 'long' }],
  ['a path that no header holds', { [`${'d'.repeat(120)}/${'e'.repeat(110)}`]: 'longer' }],
  ['names that are not ASCII, and hold quotes', { "ünï/“x” ' $y.md": 'ü' }],
])('%s are the same once they are unpacked', (_, files) => {
  expect(unpacked(files)).toEqual(files);
});

test('an archive of nothing is one, and the size of any is a number of blocks', () => {
  expect(tarOf([]).map(({ length }) => length)).toEqual([1_024]);
  const size = tarOf([{ path: 'a', bytes: bytesOf('x') }]).reduce((total, { length }) => total + length, 0);
  expect(size % 512).toBe(0);
});
