import { expect, test } from 'vitest';
import { gather } from './gather.js';

const range = { since: '2026-03-02', until: '2026-03-03' };
const pages: Readonly<Record<string, { items: readonly string[]; next: string | null }>> = {
  first: { items: ['2026-03-04', '2026-03-03'], next: 'second' },
  second: { items: ['2026-03-02', '2026-03-01'], next: 'third' },
  third: { items: ['2026-02-01'], next: null },
};

test('pages are asked for until what comes is older than the range', async () => {
  const asked: string[] = [];
  const found = await gather(
    async (cursor) => {
      asked.push(cursor ?? 'first');
      return pages[cursor ?? 'first'] ?? { items: [], next: null };
    },
    (day) => day,
    range,
  );
  expect(found).toEqual({ items: ['2026-03-03', '2026-03-02'], isCut: false });
  expect(asked).toEqual(['first', 'second']);
});

test('more than the bound is said to be cut', async () => {
  const found = await gather(
    async () => ({ items: ['2026-03-03', '2026-03-02'], next: null }),
    (day) => day,
    range,
    1,
  );
  expect(found).toEqual({ items: ['2026-03-03'], isCut: true });
});
