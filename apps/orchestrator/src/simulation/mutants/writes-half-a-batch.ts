import type { Mutant } from './mutant.js';

const COMMANDS_FROM = 25;

export const writesHalfABatch: Mutant = {
  name: 'writes-half-a-batch',
  bug: 'events and the commands that they issue are two transactions, and the second one sometimes fails',
  foundAt: 2,
  wires: () => {
    let appends = 0;
    return {
      answer: (name, values, next) => {
        if (!name.startsWith('append-batch')) return next(values);
        appends += 1;
        if (appends % 7 !== 0) return next(values);
        return next(values.map((value, at) => (at >= COMMANDS_FROM && at < 34 ? [] : value)));
      },
    };
  },
};
