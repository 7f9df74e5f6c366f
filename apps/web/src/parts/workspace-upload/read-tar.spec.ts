import { expect, test } from 'vitest';
import { readTar } from './read-tar.js';
import { tarOf } from './tar.js';

const archiveOf = (files: Readonly<Record<string, string>>) =>
  new Uint8Array(
    Buffer.concat(
      tarOf(Object.entries(files).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }))),
    ),
  );

test.each<[string, Readonly<Record<string, string>>]>([
  ['nothing', {}],
  ['files in folders', { 'a.txt': 'a\n', 'src/b.ts': 'x'.repeat(512), empty: '' }],
  ['long paths, and names that are not ASCII', { [`${'deep/'.repeat(60)}end.md`]: 'deep', 'ünï “x”.md': 'ü', z: 'z' }],
])('%s are read as they were written', (_, files) => {
  const read = readTar(archiveOf(files));
  expect(Object.fromEntries(read.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]))).toEqual(files);
});

test('an archive that ends in the middle is not taken for a whole one', () => {
  expect(() => readTar(archiveOf({ a: 'x'.repeat(2_000) }).subarray(0, 1_000))).toThrow(/ends in the middle/);
});
