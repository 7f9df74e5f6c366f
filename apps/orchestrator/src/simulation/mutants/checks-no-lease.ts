import type { Mutant } from './mutant.js';

export const checksNoLease: Mutant = {
  name: 'checks-no-lease',
  bug: 'an append is written although its lane has another holder by now',
  foundAt: 29,
  wires: ({ tables }) => ({
    answer: (name, values, next) => {
      if (!name.startsWith('append-batch')) return next(values);
      const [lane, , ...rest] = values;
      return next([lane, tables.lanes[Number(lane)]?.fence, ...rest]);
    },
  }),
};
