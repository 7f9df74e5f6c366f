import type { Mutant } from './mutant.js';

export const movesTheCursorFirst: Mutant = {
  name: 'moves-the-cursor-first',
  bug: 'the cursor of the webhooks is saved before the deliveries are',
  foundAt: 9,
  wires: ({ tables }) => ({
    answer: (name, values, next) => {
      const rows = next(values);
      // As read within its transaction, and saved outside of it.
      if (name === 'read-news') tables.cursor = Math.max(tables.cursor, Number(values[1]));
      return rows;
    },
  }),
};
