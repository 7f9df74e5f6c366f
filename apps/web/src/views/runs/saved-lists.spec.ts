import { expect, test } from 'vitest';
import { namedFilters, nameOf, withList, withoutList } from './saved-lists.js';

test('a list is kept under its name, and found by what it asks for', () => {
  const lists = withList([], 'red', { label: 'team=red', status: undefined });
  expect(lists).toEqual([{ name: 'red', search: { label: 'team=red' } }]);
  expect(nameOf({ label: 'team=red' }, namedFilters(lists))).toBe('red');
  expect(nameOf({ label: 'team=blue' }, namedFilters(lists))).toBeUndefined();
});

test('another list of the same name takes its place, and it can be removed', () => {
  const lists = withList(withList([], 'mine', { status: 'failed' }), 'mine', { status: 'paused' });
  expect(namedFilters(lists)).toEqual([{ name: 'mine', filter: { status: 'paused' } }]);
  expect(withoutList(lists, 'mine')).toEqual([]);
});

test('there are so many at most, and the oldest goes', () => {
  let lists = withList([], 'first', {});
  for (let n = 0; n < 20; n += 1) lists = withList(lists, `n${n}`, { text: `n${n}` });
  expect(lists).toHaveLength(20);
  expect(lists[0]?.name).toBe('n0');
});

test('what another version wrote is taken as far as it is understood', () => {
  expect(namedFilters([{ name: 'odd', search: { status: 'none', colour: 'red', cost: 2 } }])).toEqual([
    { name: 'odd', filter: { cost: 2 } },
  ]);
});
