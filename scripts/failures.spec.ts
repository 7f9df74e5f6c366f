import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const DOCS = join(import.meta.dirname, '../docs');
const text = readFileSync(join(DOCS, 'failures.md'), 'utf8');

/** The rows of the tables whose last column names a test. */
const rows = text
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 6)
  .map((cells) => cells[4] ?? '')
  .filter((cell) => cell !== 'test' && !/^-+$/.test(cell));

test('each failure names a test, and that test is there', () => {
  const missing = rows.filter((cell) => {
    if (cell === '`chaos`') return false;
    const [, title, file] = /^\[(.+)\]\((.+)\)$/.exec(cell) ?? [];
    if (title === undefined || file === undefined || !existsSync(join(DOCS, file))) return true;
    return !readFileSync(join(DOCS, file), 'utf8').includes(title);
  });
  expect(missing).toEqual([]);
  expect(rows.length).toBeGreaterThan(30);
});
