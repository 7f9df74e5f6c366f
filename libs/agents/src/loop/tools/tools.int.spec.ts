import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '@baton/contracts';
import { memoryStore } from '@baton/workspace/testing';
import { expect, test } from 'vitest';
import { openWorkbench } from '../../workbench/workbench.js';
import { filesIn, folderWith } from '../testing/scripted-conversation.js';
import { changeTools } from './change.js';
import { lookTools } from './look.js';

async function benchWith(files: Readonly<Record<string, string>>) {
  const root = folderWith(files);
  const contents = memoryStore();
  const bench = openWorkbench(root, contents);
  const tools = [...lookTools(bench), ...changeTools(bench)];
  const use = (name: string, input: Json) => {
    const tool = tools.find(({ definition }) => definition.name === name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    return tool.use(input, new AbortController().signal);
  };
  return { root, contents, bench, use };
}

test('a list shows files with their sizes, and goes on where it was cut off', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 450 }, (_, n) => [`src/f${String(n).padStart(3, '0')}.ts`, 'x']),
  );
  const { use } = await benchWith({ ...files, 'README.md': 'abc', 'node_modules/p/index.js': '', '.git/config': '' });
  const first = await use('list', {});
  expect(first.text).toMatch(/^README\.md {2}3\nsrc\/f000\.ts {2}1\n/);
  expect(first.text).toContain('… and 51 more: list again with after: "src/f398.ts"');
  expect((await use('list', { after: 'src/f398.ts' })).text.split('\n')).toHaveLength(51);
  expect((await use('list', { folder: 'src/' })).text).not.toContain('README');
  expect((await use('list', { folder: 'nowhere' })).text).toBe('No files below nowhere/');
});

test('a file is read with its line numbers, in parts where it is long', async () => {
  const { use } = await benchWith({ 'long.txt': Array.from({ length: 900 }, (_, n) => `line ${n + 1}\n`).join('') });
  const first = await use('read', { path: 'long.txt' });
  expect(first.text).toMatch(/^1\tline 1\n2\tline 2\n/);
  expect(first.text).toMatch(/\n400\tline 400\n… long\.txt has 900 lines: read on from line 401$/);
  expect((await use('read', { path: 'long.txt', from: 10, to: 11 })).text).toBe('10\tline 10\n11\tline 11');
  expect(await use('read', { path: 'long.txt', from: 901 })).toMatchObject({
    isError: true,
    text: 'long.txt has 900 lines.',
  });
});

test('what is no text is named and not shown; a line without end is cut', async () => {
  const { root, use } = await benchWith({ 'empty.txt': '', 'wide.txt': 'x'.repeat(10_000) });
  writeFileSync(join(root, 'image.png'), Buffer.from([0x89, 0x50, 0, 1]));
  writeFileSync(join(root, 'latin.txt'), Buffer.from([0xe9, 0x20]));
  expect((await use('read', { path: 'image.png' })).text).toBe('image.png is no text: 4 bytes.');
  expect((await use('read', { path: 'latin.txt' })).text).toBe('latin.txt is no text: 2 bytes.');
  expect((await use('read', { path: 'empty.txt' })).text).toBe('empty.txt is empty.');
  expect((await use('read', { path: 'wide.txt' })).text).toMatch(/x … \[10000 characters\]$/);
});

test('a search gives path, line and text, with what stands around where that is asked for', async () => {
  const { use } = await benchWith({ 'a.ts': 'one\nTwo (two\nthree\n', 'b/c.ts': 'two (two\n' });
  expect((await use('search', { text: 'two (two' })).text).toBe('b/c.ts:1: two (two');
  expect((await use('search', { text: 'two (two', ignoreCase: true })).text).toBe(
    'a.ts:2: Two (two\nb/c.ts:1: two (two',
  );
  expect((await use('search', { text: 'Two', folder: 'a.ts', around: 1 })).text).toBe(
    'a.ts:1- one\na.ts:2: Two (two\na.ts:3- three',
  );
  expect((await use('search', { text: 'four' })).text).toBe('Nothing holds "four".');
});

test.each([
  ['/etc/passwd', 'is absolute'],
  ['../outside.txt', '".."'],
  ['a/../../outside.txt', '".."'],
  ['.git/config', 'lies in ".git"'],
  ['node_modules/p/index.js', 'lies in "node_modules"'],
  ['C:\\x', 'backslash'],
  ['new\nline', 'control character'],
  ['linked/secret.txt', 'linked is no folder'],
  ['link.txt', 'is a link or a device'],
])('no tool reaches %j', async (path, reason) => {
  const outside = folderWith({ 'secret.txt': 'secret' });
  const { root, bench, use } = await benchWith({ 'a.txt': 'a' });
  symlinkSync(outside, join(root, 'linked'));
  symlinkSync(join(outside, 'secret.txt'), join(root, 'link.txt'));
  const read = await use('read', { path });
  expect(read).toMatchObject({ isError: true, text: expect.stringContaining(reason) });
  await use('write', { path, content: 'mine' });
  await use('move', { from: 'a.txt', to: path });
  await use('move', { from: path, to: 'b.txt' });
  await use('delete', { path });
  expect(filesIn(outside)).toEqual({ 'secret.txt': 'secret' });
  // A link itself may be replaced or taken away: that is the workspace's own.
  const paths = (await bench.files()).map((file) => file.path);
  expect(paths.filter((name) => name !== 'link.txt' && name !== 'b.txt')).toEqual(
    paths.includes('a.txt') ? ['a.txt'] : [],
  );
});

test('a search and a list follow no link', async () => {
  const outside = folderWith({ 'secret.txt': 'secret' });
  const { root, use } = await benchWith({ 'a.txt': 'a' });
  symlinkSync(outside, join(root, 'linked'));
  symlinkSync(join(outside, 'secret.txt'), join(root, 'link.txt'));
  expect((await use('list', {})).text).toBe('a.txt  1');
  expect((await use('search', { text: 'secret' })).text).toBe('Nothing holds "secret".');
});

test('an edit needs the one place', async () => {
  const { root, use } = await benchWith({ 'a.ts': 'x = 1;\ny = 1;\n' });
  expect(await use('edit', { path: 'a.ts', old: '= 1', new: '= 2' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('2 times'),
  });
  expect(await use('edit', { path: 'a.ts', old: 'z', new: '' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('does not hold'),
  });
  expect(await use('edit', { path: 'a.ts', old: 'y', new: 'y' })).toMatchObject({ isError: true });
  expect(await use('edit', { path: 'a.ts', old: 'y = 1', new: '$& $1' })).toMatchObject({
    text: 'Changed from line 2 on.',
  });
  expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe('x = 1;\n$& $1;\n');
});

test('a file keeps its rights when it is changed, and takes them with it when it moves', async () => {
  const { root, use } = await benchWith({ 'run.sh': 'echo 1\n' });
  chmodSync(join(root, 'run.sh'), 0o755);
  const edited = await use('edit', { path: 'run.sh', old: '1', new: '2' });
  expect(edited.changes).toMatchObject([{ path: 'run.sh', now: { isExecutable: true, size: 7 } }]);
  const moved = await use('move', { from: 'run.sh', to: 'bin/run.sh' });
  expect(moved.changes).toMatchObject([
    { path: 'bin/run.sh', now: { isExecutable: true } },
    { path: 'run.sh', now: null },
  ]);
  expect(statSync(join(root, 'bin/run.sh')).mode & 0o111).toBe(0o111);
});

test('what became of files is stored, and can be done again elsewhere', async () => {
  const { root, contents, bench } = await benchWith({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' });
  await bench.write('a.txt', Buffer.from('A'));
  await bench.write('new/empty.txt', Buffer.from(''));
  await bench.remove('c.txt');
  const paths = ['c.txt', 'new/empty.txt', 'a.txt'];
  const changes = await bench.note(paths);
  expect(changes.map(({ path, now }) => [path, now?.size ?? null])).toEqual([
    ['a.txt', 1],
    ['c.txt', null],
    ['new/empty.txt', 0],
  ]);
  expect(await bench.note(paths)).toEqual([]);
  const elsewhere = folderWith({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' });
  const other = openWorkbench(elsewhere, contents);
  await other.restore(changes);
  expect(filesIn(elsewhere)).toEqual(filesIn(root));
  expect(await other.note(paths)).toEqual([]);
});

test('a search shows a hundred hits and counts the rest, however much stands around them', async () => {
  const { use } = await benchWith({ 'many.txt': 'x\n'.repeat(50_000) });
  const { text } = await use('search', { text: 'x', around: 10 });
  expect(text).toMatch(/… and 49900 more|\[cut: search for more of the text\]$/);
});
