import type { Mutant } from './mutant.js';

export const countsNoPlaces: Mutant = {
  name: 'counts-no-places',
  bug: 'whoever is let in trusts what was seen in the line, and the append counts nobody',
  foundAt: 9,
  wires: ({ tables }) => ({
    answer: (name, values, next) => {
      const { places } = tables;
      if (!name.startsWith('append-batch')) return next(values);
      const taken = [...places.taken];
      places.taken.clear();
      const rows = next(values);
      for (const [runId, facts] of taken) if (tables.stream(runId)?.status !== 1) places.taken.set(runId, facts);
      return rows;
    },
  }),
};
