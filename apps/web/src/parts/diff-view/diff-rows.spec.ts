import { expect, test } from 'vitest';
import { countsOf, foldedOf, linesBetween, pairsOf } from './diff-rows.js';

const numbered = (count: number, change: (line: number) => string = String): string =>
  Array.from({ length: count }, (_, at) => `${change(at + 1)}\n`).join('');

test('each line has its number in the text that it is of', () => {
  expect(linesBetween('a\nb\n', 'a\nc\n')).toEqual([
    { kind: 'same', before: 1, after: 1, text: 'a' },
    { kind: 'removed', before: 2, after: null, text: 'b' },
    { kind: 'added', before: null, after: 2, text: 'c' },
  ]);
});

test('a file that is new is all added, and one that went is all removed', () => {
  expect(countsOf(linesBetween('', 'a\nb'))).toEqual({ added: 2, removed: 0 });
  expect(countsOf(linesBetween('a\nb', ''))).toEqual({ added: 0, removed: 2 });
});

test('a last line that was not ended before is the same line', () => {
  expect(countsOf(linesBetween('a\nb', 'a\nb\n'))).toEqual({ added: 0, removed: 0 });
});

test('an empty line is a line', () => {
  expect(linesBetween('', '\n\n').map(({ text }) => text)).toEqual(['', '']);
});

test('lines far from a change are left out, and can be had', () => {
  const lines = linesBetween(
    numbered(20),
    numbered(20, (line) => (line === 10 ? 'ten' : String(line))),
  );
  const rows = foldedOf(lines);
  expect(rows.map((row) => (row.kind === 'gap' ? `gap ${row.lines.length}` : row.text))).toEqual([
    'gap 6',
    '7',
    '8',
    '9',
    '10',
    'ten',
    '11',
    '12',
    '13',
    'gap 7',
  ]);
});

test('a line with something at it is shown although nothing changed there', () => {
  const rows = foldedOf(linesBetween(numbered(20), numbered(20)), ({ after }) => after === 20);
  expect(rows.at(-1)).toMatchObject({ text: '20' });
});

test('side by side, what came stands beside what went', () => {
  const pairs = pairsOf(linesBetween('a\nb\nc\n', 'a\nx\nc\n'));
  expect(pairs.map((pair) => (pair.kind === 'gap' ? 'gap' : [pair.before?.text, pair.after?.text]))).toEqual([
    ['a', 'a'],
    ['b', 'x'],
    ['c', 'c'],
  ]);
});
