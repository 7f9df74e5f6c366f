import type { Json } from '@baton/contracts';
import { expect, test } from 'vitest';
import { entriesBefore, joinedJournal } from './joined-journal.js';

test('the journals of the tasks before are read in front of the own one, as far as they count, and never written', async () => {
  const before: Record<string, readonly Json[]> = { a: ['a0', 'a1', 'after it asked'], b: ['b0'] };
  const own: Json[] = [];
  const journal = joinedJournal(
    [
      { commandId: 'a', entries: 2 },
      { commandId: 'b', entries: 1 },
    ],
    {
      read: async (index) => own[index] ?? null,
      write: async (index, entry) => {
        own[index] = entry;
      },
    },
    async (earlier, index) => before[earlier]?.[index] ?? null,
  );
  for (const index of [0, 1, 2]) await journal.write(index, 'otherwise');
  await journal.write(3, 'mine');
  expect(await Promise.all([0, 1, 2, 3, 4].map((index) => journal.read(index)))).toEqual([
    'a0',
    'a1',
    'b0',
    'mine',
    null,
  ]);
  expect(own).toEqual(['mine']);
  expect(entriesBefore([])).toBe(0);
});
