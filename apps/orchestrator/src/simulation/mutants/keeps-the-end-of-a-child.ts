import type { Mutant } from './mutant.js';

export const keepsTheEndOfAChild: Mutant = {
  name: 'keeps-the-end-of-a-child',
  bug: 'no round looks for children whose end their parent was not told',
  foundAt: 57,
  wires: () => ({ answer: (name, values, next) => (name === 'children-ended' ? [] : next(values)) }),
};
