import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv, parseCsv } from '../src/csv.ts';

const rowsOf = (text: string) => parseCsv(text).rows;

test('reads a header and rows, whatever the line end, with or without one at the end', () => {
  const expected = {
    columns: ['a', 'b'],
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
  };
  assert.deepEqual(parseCsv('a,b\n1,2\n3,4\n'), expected);
  assert.deepEqual(parseCsv('a,b\r\n1,2\r\n3,4'), expected);
  assert.deepEqual(parseCsv('a,b\r1,2\r3,4\r'), expected);
});

test('passes over a byte order mark', () => {
  assert.deepEqual(parseCsv('\ufeffa\n1\n').columns, ['a']);
});

test('reads quoted fields with commas, doubled quotes and line breaks', () => {
  assert.deepEqual(rowsOf('a,b\n"x,y","say ""hi"""\n"two\r\nlines",""\n'), [
    ['x,y', 'say "hi"'],
    ['two\r\nlines', ''],
  ]);
});

test('keeps empty fields, also at the end of a row', () => {
  assert.deepEqual(rowsOf('a,b,c\n,,\n1,,\n'), [
    ['', '', ''],
    ['1', '', ''],
  ]);
});

test('keeps blanks, and text that looks like a number, as they are', () => {
  assert.deepEqual(rowsOf('a,b\n 1 ,007\n'), [[' 1 ', '007']]);
});

test('passes over empty lines, except in a table of one column, where they are missing values', () => {
  assert.deepEqual(rowsOf('a,b\n\n1,2\n\n'), [['1', '2']]);
  assert.deepEqual(rowsOf('a\n1\n\n2\n'), [['1'], [''], ['2']]);
});

test('a table may have no rows', () => {
  assert.deepEqual(parseCsv('a,b'), { columns: ['a', 'b'], rows: [] });
});

test('text without a header row is an error', () => {
  assert.throws(() => parseCsv(''), { code: 'bad-csv', message: 'The data has no header row.' });
  assert.throws(() => parseCsv('\n1\n'), { code: 'bad-csv' });
});

test('a row with too few or too many fields is an error that names row and line', () => {
  assert.throws(() => parseCsv('a,b\n1,2\n"x\ny",2\n3\n'), {
    code: 'ragged-row',
    message: 'Row 3 (line 5) has 1 fields, the header has 2.',
  });
  assert.throws(() => parseCsv('a,b\n1,2,3\n'), { code: 'ragged-row' });
});

test('a column that comes twice is an error', () => {
  assert.throws(() => parseCsv('a,b,a\n1,2,3\n'), { code: 'repeated-column', message: /column "a" twice/ });
});

test('wrong quotes are an error that names the line', () => {
  assert.throws(() => parseCsv('a\n"open'), { code: 'bad-csv', message: 'Line 2: a quoted field is not closed.' });
  assert.throws(() => parseCsv('a\nx"y\n'), { code: 'bad-csv', message: /Line 2: a quote inside/ });
  assert.throws(() => parseCsv('a\n"x"y\n'), { code: 'bad-csv', message: /Line 2: text after the quote/ });
});

test('what is written is read as the same', () => {
  const rows = [
    ['plain', 'a,b'],
    ['"', 'two\nlines'],
    ['', ' '],
  ];
  assert.deepEqual(parseCsv(formatCsv(['x', 'y z'], rows)), { columns: ['x', 'y z'], rows });
});
