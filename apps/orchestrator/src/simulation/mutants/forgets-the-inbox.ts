import type { Mutant } from './mutant.js';

export const forgetsTheInbox: Mutant = {
  name: 'forgets-the-inbox',
  bug: 'an accepted request whose message was lost is not looked for',
  foundAt: 6,
  wires: () => ({ answer: (name, values, next) => (name.startsWith('pending-requests') ? [] : next(values)) }),
};
