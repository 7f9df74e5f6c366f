import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CsvError } from '../src/csv-error.ts';
import { parseCsv } from '../src/parse.ts';

const codeOf = (text: string): string => {
  try {
    parseCsv(text);
  } catch (error) {
    if (error instanceof CsvError) return `${error.code} ${error.line}`;
    throw error;
  }
  return 'none';
};

test('quoted fields, doubled quotes and line breaks in quotes are read', () => {
  assert.deepEqual(parseCsv('a,b\n"x, y","say ""hi""\nthere"\n').rows, [['x, y', 'say "hi"\nthere']]);
});

test('line ends may be LF or CRLF, and the last one may be missing', () => {
  const expected = {
    columns: ['a', 'b'],
    rows: [
      ['1', '2'],
      ['3', ''],
    ],
  };
  assert.deepEqual(parseCsv('a,b\r\n1,2\r\n3,'), expected);
  assert.deepEqual(parseCsv('\uFEFFa,b\n1,2\n\n3,\n'), expected);
});

test('what is wrong is named with its line', () => {
  assert.equal(codeOf(''), 'empty null');
  assert.equal(codeOf('a,a\n'), 'same-name 1');
  assert.equal(codeOf('a,b\n"1\n2",3\n4\n'), 'wrong-width 4');
  assert.equal(codeOf('a\n"1\n'), 'open-quote 2');
  assert.equal(codeOf('a\n1"2\n'), 'stray-quote 2');
  assert.equal(codeOf('a\n"1"2\n'), 'stray-quote 2');
});

test('the shipped file is read', () => {
  const { columns, rows } = parseCsv(readFileSync(new URL('../data/customers.csv', import.meta.url), 'utf8'));
  assert.equal(columns.length, 6);
  assert.deepEqual(rows[3]?.slice(0, 2), ['4', 'Mary "Shelley" Godwin']);
});
