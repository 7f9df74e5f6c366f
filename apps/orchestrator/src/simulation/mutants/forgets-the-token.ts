import type { Mutant } from './mutant.js';

const [FIRST, COUNT, NAME] = [25, 9, 28];

export const forgetsTheToken: Mutant = {
  name: 'forgets-the-token',
  bug: 'a task whose worker did its part is not open any more for its token',
  foundAt: 2,
  wires: () => ({
    answer: (name, values, next) => {
      if (!name.startsWith('append-batch')) return next(values);
      const names = values[NAME] as readonly string[];
      const changed = values.map((column, at) =>
        at >= FIRST && at < FIRST + COUNT
          ? (column as readonly unknown[]).filter((_, n) => names[n] !== 'token')
          : column,
      );
      return next(changed);
    },
  }),
};
