import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { materialise } from '../folder/materialise.js';
import { readBack } from '../folder/read-back.js';
import { memoryStore } from '../testing/memory-store.js';
import { scratch, treeWith } from '../testing/scratch.js';
import { type Tree, versionOf } from '../tree/tree.js';
import { patchOf } from './patch-of.js';

const run = promisify(execFile);
type Files = Parameters<typeof treeWith>[1];

/** What `git apply` makes of the first tree with the patch between the two. */
async function applied(a: Tree, b: Tree, store: ReturnType<typeof memoryStore>): Promise<string> {
  const { at, write } = await scratch(onTestFinished);
  await materialise(a, at('work'), store);
  await write('patch', await patchOf(a, b, store));
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: at('.'), GIT_CEILING_DIRECTORIES: at('.') };
  const options = { cwd: at('work'), env };
  await run('git', ['apply', '--check', '--whitespace=nowarn', at('patch')], options);
  await run('git', ['apply', '--whitespace=nowarn', at('patch')], options);
  const back = await readBack(at('work'), b, { store });
  expect(back.leftOut).toEqual([]);
  return versionOf(back.tree);
}

const long = (change: Record<number, string> = {}): string =>
  Array.from({ length: 60 }, (_, line) => `${change[line] ?? `line ${line}`}\n`).join('');

const CASES: Readonly<Record<string, readonly [Files, Files]>> = {
  'changed lines in several places': [{ a: long() }, { a: long({ 3: 'three', 30: 'thirty', 59: 'end' }) }],
  'a new file and a deleted one': [
    { keep: 'k\n', old: 'o\n' },
    { keep: 'k\n', 'new/deep/file.txt': 'n\n' },
  ],
  'no newline at the end, before and after': [
    { a: 'x\ny', b: 'x\ny\n', c: 'x' },
    { a: 'x\ny\n', b: 'x\ny', c: 'z' },
  ],
  'empty files that come, go and are filled': [
    { gone: '', filled: '', emptied: 'x\n' },
    { come: '', filled: 'x\n', emptied: '' },
  ],
  'line ends of other systems': [
    { a: 'x\r\ny\r\nz\r\n', b: 'x\ry\rz' },
    { a: 'x\r\nY\r\nz\n', b: 'x\ry\rw' },
  ],
  'a mode alone, and a mode with text': [
    { a: 'x\n', b: 'x\n' },
    { a: { bytes: 'x\n', mode: '100755' }, b: { bytes: 'y\n', mode: '100755' } },
  ],
  'names with blanks, quotes and letters of any language': [
    { 'a b.txt': 'x\n', 'q"uote': 'x\n', 'grün/日本.md': 'x\n', ' lead': 'x\n' },
    { 'a b.txt': 'y\n', 'q"uote': 'y\n', 'grün/日本.md': 'y\n', 'new file.txt': 'n\n', ' lead': 'y\n' },
  ],
  'binary files': [
    { a: Buffer.from([0, 1, 2]), b: Buffer.from([0, 9]), c: 'text\n' },
    {
      a: Buffer.from([0, 1, 2, 3, 255]),
      n: Buffer.alloc(5_000, Buffer.from([0, 7, 200])),
      c: Buffer.from([0xff, 0xfe, 10]),
    },
  ],
  'lines that look like a patch': [
    { a: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n' },
    { a: '-- x\n++ y\n@@ -1 +1 @@\n\\ No newline\n' },
  ],
  'a text that begins with a mark of byte order': [{ a: '\ufeffx\n' }, { a: '\ufeffy\n' }],
  'two texts with nothing in common': [
    { a: Array.from({ length: 6_000 }, (_, n) => `a${n}\n`).join('') },
    { a: Array.from({ length: 6_000 }, (_, n) => `b${n}\n`).join('') },
  ],
};

test.each(Object.entries(CASES))('git applies %s', async (_, [before, after]) => {
  const store = memoryStore();
  const [a, b] = [await treeWith(store, before), await treeWith(store, after)];
  expect(await applied(a, b, store)).toBe(versionOf(b));
  expect(await applied(b, a, store)).toBe(versionOf(a));
});

test('git applies what lies between any two texts', async () => {
  const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'a', '\r\n', ' x\n'), { maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(text, text, async (from, to) => {
      const store = memoryStore();
      const a = await treeWith(store, { f: from.join(''), stays: 's' });
      const b = await treeWith(store, { f: to.join(''), stays: 's' });
      if (versionOf(a) !== versionOf(b)) expect(await applied(a, b, store)).toBe(versionOf(b));
    }),
    { numRuns: 60 },
  );
});

test('names are quoted as git quotes them', async () => {
  const store = memoryStore();
  const { at, git } = await scratch(onTestFinished);
  const tree = await treeWith(store, { 'grün "x" y': 'x\n', 'a b': 'x\n' });
  await materialise(tree, at('repo'), store);
  await git('repo', 'init', '-q');
  await git('repo', 'add', '-A');
  const ours = (await patchOf([], tree, store)).replace(/^index .*$/gm, 'index');
  expect(ours.replaceAll('-0,0 +1,1', '-0,0 +1')).toBe(
    (await git('repo', 'diff', '--cached')).replace(/^index .*$/gm, 'index'),
  );
});
