import { expect, test } from 'vitest';
import { formatTable } from './table.js';

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
