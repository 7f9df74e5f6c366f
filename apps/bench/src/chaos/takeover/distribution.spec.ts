import { expect, test } from 'vitest';
import { rowsOf } from './distribution.js';

test('a distribution is told by its shares and by the longest of all', () => {
  const seconds = Array.from({ length: 50 }, (_, index) => 50 - index);
  expect(rowsOf([{ name: 'killed', seconds }]).at(-1)).toBe('| killed | 50 | 25.0 | 45.0 | 50.0 | 50.0 |');
});
