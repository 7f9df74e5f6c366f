import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeColumns, selectColumns } from '../src/columns.ts';

const table = {
  columns: ['id', 'day', 'word', 'nothing'],
  rows: [
    ['10', '2024-02-01', 'x', ''],
    ['9', '2023-12-31', '', ' '],
    ['-1.5e1', '', 'x', ''],
  ],
};

test('columns are told apart by what all their values are', () => {
  assert.deepEqual(describeColumns(table), [
    { name: 'id', kind: 'number', missing: 0, distinct: 3, range: ['-1.5e1', '10'] },
    { name: 'day', kind: 'date', missing: 1, distinct: 2, range: ['2023-12-31', '2024-02-01'] },
    { name: 'word', kind: 'text', missing: 1, distinct: 1, range: null },
    { name: 'nothing', kind: 'empty', missing: 3, distinct: 0, range: null },
  ]);
});

test('columns are taken in the order that is asked for', () => {
  assert.deepEqual(selectColumns(table, ['word', 'id']).rows[0], ['x', '10']);
  assert.throws(() => selectColumns(table, ['words']), { code: 'no-such-column' });
});
