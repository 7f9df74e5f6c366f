import { expect, test } from 'vitest';
import { nameOfItem, statesThatTakeTime } from './items.js';
import type { Json } from './json.js';

test.each<[Json, string | null]>([
  ['text', 'text'],
  [7, '7'],
  [{ id: 5, other: 'x' }, '5'],
  [{ Name: 'Ada' }, 'Ada'],
  [{ path: '/a', size: 1 }, '/a'],
  [{ size: 1 }, null],
  [[1], null],
  [null, null],
  ['x'.repeat(100), `${'x'.repeat(60)}…`],
])('the item %j is called %j', (item, name) => {
  expect(nameOfItem(item)).toBe(name);
});

test('tasks and waits take time, wherever they stand in a definition', () => {
  const inner = { StartAt: 'Look', States: { Look: { Type: 'Task' }, Note: { Type: 'Pass' } } };
  const definition = {
    States: { Each: { Type: 'Map', ItemProcessor: inner }, Rest: { Type: 'Wait' }, End: { Type: 'Succeed' } },
  };
  expect(statesThatTakeTime(definition)).toEqual(['Look', 'Rest']);
  expect(statesThatTakeTime(null)).toEqual([]);
});
