import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../testing/memory-store.js';
import { treeWith } from '../testing/scratch.js';
import { getFile } from '../tree/blob-store.js';
import { type Tree, versionOf } from '../tree/tree.js';
import { mergeTrees } from './merge-trees.js';
import { openConflicts, showConflicts } from './show-conflicts.js';

type Files = Parameters<typeof treeWith>[1];

async function shownMerge(base: Files, ours: Files, theirs: Files) {
  const store = memoryStore();
  const [b, o, t] = [await treeWith(store, base), await treeWith(store, ours), await treeWith(store, theirs)];
  const { tree, shown } = await showConflicts(await mergeTrees(b, o, t, store), store);
  const files: Record<string, string> = {};
  for (const file of tree) files[file.path] = (await getFile(store, file)).toString();
  return { files, shown: shown.map(({ path, line }) => `${path}:${line}`), tree, theirs: t, store };
}

describe('conflicts of a merge', () => {
  test('stand in the text, both sides and what was before between marks, with the line where they begin', async () => {
    const { files, shown } = await shownMerge({ f: '1\n2\n3\n' }, { f: '1\nours\n3\n' }, { f: '1\ntheirs\n3' });
    expect(shown).toEqual(['f:2']);
    expect(files.f).toContain('<<<<<<< baton: this run\nours\n');
    expect(files.f).toMatch(/\|{7} baton: before both\n2\n[\s\S]*={7}\ntheirs\n/);
  });

  test.each([
    ['what this run removed is there as others left it', { f: '1' }, {}, { f: '2' }, { f: '2' }, ['f:null']],
    ['what others removed stays as this run left it', { f: '1' }, { f: '2' }, {}, { f: '2' }, ['f:null']],
    [
      'a binary file of others lies aside',
      { f: Buffer.from([0]) },
      { f: Buffer.from([0, 1]) },
      { f: Buffer.from([0, 2]) },
      { f: '\0\u0001', '.baton/landed-by-others/f': '\0\u0002' },
      ['f:null'],
    ],
    [
      'a file of others where this run has a folder lies aside',
      {},
      { 'f/a': 'a' },
      { f: 'x' },
      { 'f/a': 'a', '.baton/landed-by-others/f': 'x' },
      ['f:null'],
    ],
    [
      'a name that differs in case lies aside',
      {},
      { readme: 'x' },
      { README: 'y' },
      { readme: 'x', '.baton/landed-by-others/README': 'y' },
      ['README:null'],
    ],
    [
      'a file that others changed below what is a file of this run now lies aside',
      { 'f/a': '1' },
      { f: 'x' },
      { 'f/a': '2' },
      { f: 'x', '.baton/landed-by-others/f/a': '2' },
      ['f/a:null'],
    ],
    [
      'what was renamed by one and changed by the other is there under both names',
      { old: '1\n' },
      { new: '1\n' },
      { old: '2\n' },
      { new: '1\n', old: '2\n' },
      ['old:null'],
    ],
  ] satisfies readonly [string, Files, Files, Files, Record<string, string>, string[]][])(
    'lose nothing: %s',
    async (_, base, ours, theirs, wanted, places) => {
      const { files, shown } = await shownMerge(base, ours, theirs);
      expect(files).toEqual(wanted);
      expect(shown).toEqual(places);
    },
  );

  test('are open for as long as a mark or a file of others waits, and what never was one is none', async () => {
    const { tree, theirs, store } = await shownMerge(
      { f: '1\n', g: Buffer.from([0]) },
      { f: 'a\n', g: Buffer.from([0, 1]) },
      { f: 'b\n', g: Buffer.from([0, 2]) },
    );
    const open = await openConflicts(theirs, tree, store);
    expect(open.map(({ path, line }) => `${path}:${line}`)).toEqual(['.baton/landed-by-others/g:null', 'f:1']);
    const resolved = await treeWith(store, { f: 'a and b\n', g: 'both', h: '<<<<<<< HEAD\n=======\n>>>>>>> x\n' });
    expect(await openConflicts(theirs, resolved, store)).toEqual([]);
  });

  test('have a place for what others put there, however long its path and whatever lies aside already', async () => {
    const long = `${'d/'.repeat(100)}${'x'.repeat(30)}`;
    const theirs = { [long]: Buffer.from([0, 2]) };
    const { files } = await shownMerge({}, { [long]: Buffer.from([0, 1]), '.baton/landed-by-others/x': '' }, theirs);
    expect(Object.values(files).sort()).toEqual(['', '\0\u0001', '\0\u0002']);
  });
});

/** Names that collide in every way: as file and folder, and in case. */
const names = ['a', 'A', 'a/b', 'c', 'c/d', 'c/D', 'e'];
const mode = fc.constantFrom('100644' as const, '100755' as const);
const lines = fc.array(fc.constantFrom('1\n', '2\n', '3\n', '4\n'), { maxLength: 6 }).map((all) => all.join(''));
const content = fc.oneof(
  { weight: 5, arbitrary: lines },
  { weight: 1, arbitrary: fc.constantFrom('\0x', '\0y', 'end') },
);
const anyFiles = fc.dictionary(fc.constantFrom(...names), fc.record({ bytes: content, mode })).map((files): Files => {
  const kept: [string, Files[string]][] = [];
  for (const [path, file] of Object.entries(files)) {
    const clash = kept.some(([other]) => {
      const [x, y] = [other.toLowerCase(), path.toLowerCase()];
      return x === y || x.startsWith(`${y}/`) || y.startsWith(`${x}/`);
    });
    if (!clash) kept.push([path, file]);
  }
  return Object.fromEntries(kept);
});
const three = [anyFiles, anyFiles, anyFiles] as const;

test('a merge is the same from both sides: in what conflicts, and where nothing does in all of it', async () => {
  await fc.assert(
    fc.asyncProperty(...three, async (base, ours, theirs) => {
      const store = memoryStore();
      const [b, o, t] = [await treeWith(store, base), await treeWith(store, ours), await treeWith(store, theirs)];
      const [one, other] = [await mergeTrees(b, o, t, store), await mergeTrees(b, t, o, store)];
      expect(one.conflicts.length === 0).toBe(other.conflicts.length === 0);
      if (one.conflicts.length === 0) expect(versionOf(one.tree)).toBe(versionOf(other.tree));
    }),
    { numRuns: 500 },
  );
});

/** Lines by their text, each with how often it is there. */
function countLines(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of texts.flatMap((text) => text.split('\n'))) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Lines that are told apart, so that one that is lost is seen. */
const ownLines = (side: string) =>
  fc
    .array(fc.record({ at: fc.nat({ max: 8 }), what: fc.constantFrom('insert', 'change', 'delete') }), { maxLength: 4 })
    .map((edits) => (text: readonly string[]): string[] => {
      const result = [...text];
      edits.forEach(({ at, what }, n) => {
        const line = `${side}${n}\n`;
        if (what === 'insert') result.splice(at, 0, line);
        else if (at < result.length) result.splice(at, 1, ...(what === 'change' ? [line] : []));
      });
      return result;
    });

test('no line is lost: what a side wrote is there, and what is gone a side took out', async () => {
  const whole = Array.from({ length: 8 }, (_, n) => `base${n}\n`);
  await fc.assert(
    fc.asyncProperty(ownLines('ours'), ownLines('theirs'), async (change, changeToo) => {
      const [ours, theirs] = [change(whole), changeToo(whole)];
      const { files } = await shownMerge({ f: whole.join('') }, { f: ours.join('') }, { f: theirs.join('') });
      const found = countLines([files.f ?? '']);
      for (const line of new Set([...ours, ...theirs, ...whole].map((each) => each.trimEnd()))) {
        const has = (side: readonly string[]): boolean => side.includes(`${line}\n`);
        if (has(whole) ? has(ours) && has(theirs) : true) expect(found.get(line) ?? 0).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});

test('no file is lost: what a side has and the other did not take away is there with all its bytes', async () => {
  await fc.assert(
    fc.asyncProperty(...three, async (base, ours, theirs) => {
      const store = memoryStore();
      const [b, o, t] = [await treeWith(store, base), await treeWith(store, ours), await treeWith(store, theirs)];
      const merged = await mergeTrees(b, o, t, store);
      const { tree, shown } = await showConflicts(merged, store);
      expect(shown.length > 0).toBe(merged.conflicts.length > 0);
      const hashes = new Set(tree.map(({ sha256 }) => sha256));
      const at = (side: Tree, path: string) => side.find((file) => file.path === path);
      for (const { path } of [...o, ...t]) {
        const sides = [at(o, path), at(t, path)];
        const changed = sides.filter((file) => file !== undefined && file.sha256 !== at(b, path)?.sha256);
        const isWhole = changed.length === 1 || (changed.length === 2 && changed[0]?.sha256 === changed[1]?.sha256);
        // Of two changed texts the lines are there, which the test above looks at.
        if (isWhole) expect(hashes.has(changed[0]?.sha256 ?? '')).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
