import { expect, test } from 'vitest';
import { gather } from './gather.js';

const pages: Readonly<Record<string, { items: readonly string[]; next: string | null }>> = {
  first: { items: ['d', 'c'], next: 'second' },
  second: { items: ['b', 'a'], next: null },
};
const ask = async (cursor: string | null) => pages[cursor ?? 'first'] ?? { items: [], next: null };

test('pages are asked for until there is no other', async () => {
  expect(await gather(ask)).toEqual({ items: ['d', 'c', 'b', 'a'], isCut: false });
});

test('more than the bound is said to be cut', async () => {
  expect(await gather(ask, 1)).toEqual({ items: ['d'], isCut: true });
  expect(await gather(ask, 2)).toEqual({ items: ['d', 'c'], isCut: true });
  expect(await gather(ask, 4)).toEqual({ items: ['d', 'c', 'b', 'a'], isCut: false });
});
