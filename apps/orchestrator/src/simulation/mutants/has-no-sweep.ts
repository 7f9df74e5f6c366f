import type { Mutant } from './mutant.js';

export const hasNoSweep: Mutant = {
  name: 'has-no-sweep',
  bug: 'what a queue lost in part stays lost',
  foundAt: 6,
  wires: () => ({ answer: (name, values, next) => (name === 'outstanding-commands-of-age' ? [] : next(values)) }),
};
