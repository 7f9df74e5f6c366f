import { expect, test } from 'vitest';
import { formatFacts, formatTable, printable } from './table.js';

test('columns are as wide as their widest cell', () => {
  expect(
    formatTable(
      ['RUN', 'STATUS'],
      [
        ['a-long-name', 'ok'],
        ['b', 'failed'],
      ],
    ),
  ).toEqual(['RUN          STATUS', 'a-long-name  ok', 'b            failed']);
});

test('a list may have more rows than a call may have arguments', () => {
  const rows = Array.from({ length: 200_000 }, (_, n) => [`${n}`]);
  expect(formatTable(['N'], rows)).toHaveLength(200_001);
});

const ID = '3f2a91c0-0000-4000-8000-000000000001';
const WIDE = [
  ['RUN', 'STATUS', 'WHY'],
  [ID, 'failed', 'a long reason that nobody can put into one line of a narrow terminal'],
] as const;

test('a last column that is too wide is wrapped under its heading', () => {
  expect(formatTable(WIDE[0], [WIDE[1]], 75)).toEqual([
    `RUN${' '.repeat(35)}STATUS  WHY`,
    `${ID}  failed  a long reason that nobody can`,
    `${' '.repeat(46)}put into one line of a narrow`,
    `${' '.repeat(46)}terminal`,
  ]);
});

test('a table that is too wide even so becomes blocks, and no id is cut', () => {
  expect(formatTable(WIDE[0], [WIDE[1], ['b', 'ok', '']], 50)).toEqual([
    `run     ${ID}`,
    'status  failed',
    'why     a long reason that nobody can put into one',
    '        line of a narrow terminal',
    '',
    'run     b',
    'status  ok',
  ]);
});

test('facts are wrapped between words', () => {
  expect(formatFacts([['cause', 'one two three four five six seven']], 27)).toEqual([
    'cause  one two three four',
    '       five six seven',
  ]);
});

test('what would move a cursor is a space, and what would turn letters around is named', () => {
  expect(printable('a\u001b[2Jb\u009bc\u202ed\u2066e')).toBe('a [2Jb c<U+202E>d<U+2066>e');
});
