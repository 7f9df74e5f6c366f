import { ofAnyType, withCurrentVersions } from './append-anyway.js';
import type { Mutant } from './mutant.js';

export const forgetsTheVersion: Mutant = {
  name: 'forgets-the-version',
  bug: 'an append is written whatever version its run has by now, also where its commands are gone',
  foundAt: 2,
  wires: ({ tables }) => ({
    answer: (name, values, next) =>
      name.startsWith('append-batch') ? next(withCurrentVersions(tables, values, ofAnyType)) : next(values),
  }),
};
