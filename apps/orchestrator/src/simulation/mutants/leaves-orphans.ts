import type { Mutant } from './mutant.js';

export const leavesOrphans: Mutant = {
  name: 'leaves-orphans',
  bug: 'a child that nobody waits for any more is not cancelled',
  foundAt: 1,
  wires: () => ({ answer: (name, values, next) => (name === 'orphaned-runs' ? [] : next(values)) }),
};
