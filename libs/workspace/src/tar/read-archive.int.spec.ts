import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS, type Limits } from '../snapshot/limits.js';
import { memoryStore } from '../testing/memory-store.js';
import { treeWith } from '../testing/scratch.js';
import { getFile } from '../tree/blob-store.js';
import { getTree, versionOf } from '../tree/tree.js';
import { packFiles } from './pack-tree.js';
import { readArchive } from './read-archive.js';

type Entry = Parameters<ReturnType<typeof pack>['entry']>[0] & { readonly content?: string | Buffer };

/** An archive of whatever entries, as somebody else could make it. */
function archiveOf(entries: readonly Entry[]): Readable {
  const archive = pack();
  for (const { content = '', ...header } of entries) archive.entry(header, content);
  archive.finalize();
  return Readable.from(archive);
}

const read = (entries: readonly Entry[], limits: Partial<Limits> = {}) =>
  readArchive(archiveOf(entries), memoryStore(), { ...DEFAULT_LIMITS, ...limits });
const refusal = (stream: Readable, limits: Partial<Limits> = {}) =>
  readArchive(stream, memoryStore(), { ...DEFAULT_LIMITS, ...limits }).then(
    () => 'no refusal',
    ({ code, message }) => `${code}: ${message}`,
  );

test('a tree that was packed is read as the same tree', async () => {
  const store = memoryStore();
  const tree = await treeWith(store, {
    'a.txt': 'a\n',
    empty: '',
    'bin/run': { bytes: 'x', mode: '100755' },
    [`${'deep/'.repeat(30)}ünïcode name.md`]: 'x',
    'large.bin': Buffer.alloc(3_000_000, 7),
  });
  const files = async function* () {
    for (const file of tree) yield { ...file, bytes: await getFile(store, file) };
  };
  const other = memoryStore();
  const uploaded = await readArchive(packFiles(files()), other);
  expect(uploaded).toMatchObject({ version: versionOf(tree), leftOut: [], bytes: 3_000_004 });
  expect(await getTree(other, uploaded.version)).toEqual(tree);
});

test('takes what tar writes for a folder, and leaves secrets and large files out', async () => {
  const { tree, leftOut } = await read([
    { name: './', type: 'directory' },
    { name: './src/', type: 'directory' },
    { name: './src/a.ts', content: 'a' },
    { name: './.env', content: 'KEY=1' },
    { name: './notes', content: `ghp_${'a1'.repeat(18)}` },
    { name: './big', content: Buffer.alloc(DEFAULT_LIMITS.fileBytes + 1) },
  ]);
  expect(tree.map(({ path }) => path)).toEqual(['src/a.ts']);
  expect(leftOut).toEqual([
    { path: '.env', reason: 'its name is one of files that hold secrets' },
    { path: 'big', reason: 'it is larger than 5 MB' },
    { path: 'notes', reason: 'it holds what looks like a token of GitHub in line 1' },
  ]);
});

test.each<[string, readonly Entry[], RegExp]>([
  ['a link', [{ name: 'a', type: 'symlink', linkname: '/etc/passwd' }], /"a" is a symlink/],
  ['a hard link', [{ name: 'a', type: 'link', linkname: 'b' }], /"a" is a link/],
  ['a device', [{ name: 'a', type: 'character-device' }], /"a" is a character-device/],
  ['a pipe', [{ name: 'a', type: 'fifo' }], /"a" is a fifo/],
  ['an absolute path', [{ name: '/etc/cron.d/x', content: 'x' }], /is absolute/],
  ['a path that leads out', [{ name: 'a/../../x', content: 'x' }], /has the part "\.\."/],
  ['a path with a control character', [{ name: 'a\u0007', content: 'x' }], /holds a control character/],
  [
    'a name twice',
    [
      { name: 'a', content: '1' },
      { name: './a', content: '2' },
    ],
    /"a" is in it twice/,
  ],
  [
    'a file below a file',
    [
      { name: 'a', content: '1' },
      { name: 'a/b', content: '2' },
    ],
    /"a" cannot be a file/,
  ],
])('an archive with %s is refused', async (_, entries, message) => {
  expect(await refusal(archiveOf(entries))).toMatch(message);
});

test('an archive of too much is refused while it comes, and not after it', async () => {
  const small = { files: 3, totalBytes: 1_000, fileBytes: 800 };
  const files = Array.from({ length: 4 }, (_, n) => ({ name: `f${n}`, content: 'x' }));
  expect(await refusal(archiveOf(files), small)).toMatch(/^workspace-too-large: .*more than 3 files/);
  const two = [
    { name: 'a', content: Buffer.alloc(700) },
    { name: 'b', content: Buffer.alloc(700) },
  ];
  expect(await refusal(archiveOf(two), small)).toMatch(/^workspace-too-large: /);
  let sent = 0;
  const endless = Readable.from(
    (async function* () {
      yield await headerOf({ name: 'a', size: 8 * 1024 ** 3 });
      for (;;) {
        sent += 1024 * 1024;
        yield Buffer.alloc(1024 * 1024);
      }
    })(),
  );
  expect(await refusal(endless, small)).toMatch(/^workspace-too-large: /);
  expect(sent).toBeLessThan(8 * 1024 * 1024);
});

test.each([
  ['no archive', Buffer.from('hello'.repeat(500))],
  ['a compressed one', Buffer.from([0x1f, 0x8b, ...Array.from({ length: 1022 }, (_, n) => n % 251)])],
])('%s is told apart', async (_, bytes) => {
  expect(await refusal(Readable.from([bytes]))).toMatch(/^archive-broken: The upload is no whole tar archive\./);
});

test('an archive that ends in the middle, and one with a huge header, are refused', async () => {
  const chunks: Buffer[] = [];
  for await (const chunk of archiveOf([{ name: 'a', content: Buffer.alloc(5_000) }])) chunks.push(chunk);
  expect(await refusal(Readable.from([Buffer.concat(chunks).subarray(0, 3_000)]))).toMatch(/^archive-broken/);
  expect(await refusal(Readable.from([await hugeHeader(6 * 1024 * 1024)]))).toMatch(/^archive-broken/);
});

async function headerOf(header: Entry): Promise<Buffer> {
  const archive = pack();
  archive.entry(header);
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) return Buffer.from(chunk);
  throw new Error('no header');
}

/** A header for a header of this size, which no library would write. */
async function hugeHeader(size: number): Promise<Buffer> {
  const header = await headerOf({ name: 'PaxHeader', size });
  header.write('x', 156);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.alloc(size, 'x')]);
}
