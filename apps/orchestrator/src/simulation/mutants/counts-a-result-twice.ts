import { withCurrentVersions } from './append-anyway.js';
import type { Mutant } from './mutant.js';

const RESULTS: ReadonlySet<string> = new Set(['TaskSucceeded', 'TaskFailed']);

export const countsAResultTwice: Mutant = {
  name: 'counts-a-result-twice',
  bug: 'a result is accepted although its command is gone',
  foundAt: 2,
  wires: ({ tables }) => ({
    answer: (name, values, next) =>
      name.startsWith('append-batch')
        ? next(withCurrentVersions(tables, values, (type) => RESULTS.has(type)))
        : next(values),
  }),
};
