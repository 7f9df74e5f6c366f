import type { Mutant } from './mutant.js';

const [TYPES, DATA] = [16, 23];

export const releasesABudgetTwice: Mutant = {
  name: 'releases-a-budget-twice',
  bug: 'what a task used is put down without the half that was given back once before',
  foundAt: 1,
  wires: () => ({
    answer: (name, values, next) => {
      if (!name.startsWith('append-batch')) return next(values);
      const types = values[TYPES] as readonly string[];
      const changed = [...values];
      changed[DATA] = (values[DATA] as readonly string[]).map((text, n) =>
        types[n] === 'TaskSucceeded'
          ? text.replace(/"inputTokens":(\d+)/, (_, used) => `"inputTokens":${used >> 1}`)
          : text,
      );
      return next(changed);
    },
  }),
};
