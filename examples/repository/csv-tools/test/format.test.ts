import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv } from '../src/format.ts';
import { parseCsv } from '../src/parse.ts';

test('what is written is read back as it was', () => {
  const table = {
    columns: ['a', 'b "c"'],
    rows: [
      ['x, y', 'one\ntwo'],
      ['', '"'],
      ['\r\n', ' '],
    ],
  };
  assert.deepEqual(parseCsv(formatCsv(table)), table);
});

test('an empty field alone in its row is not lost', () => {
  const table = { columns: ['a'], rows: [[''], ['1']] };
  assert.equal(formatCsv(table), 'a\n""\n1\n');
});
