import type { Mutant } from './mutant.js';

const [RUNS, TYPES] = [14, 16];

export const keepsAPlace: Mutant = {
  name: 'keeps-a-place',
  bug: 'a run that is cancelled keeps its place',
  foundAt: 37,
  wires: ({ tables: { places } }) => ({
    answer: (name, values, next) => {
      const before = new Map(places.taken);
      const rows = next(values);
      if (!name.startsWith('append-batch')) return rows;
      const types = values[TYPES] as readonly string[];
      for (const [n, runId] of (values[RUNS] as readonly string[]).entries()) {
        const facts = before.get(runId);
        if (types[n] === 'RunCancelled' && facts !== undefined) places.taken.set(runId, facts);
      }
      return rows;
    },
  }),
};
