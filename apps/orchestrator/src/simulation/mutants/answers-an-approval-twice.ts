import { withCurrentVersions } from './append-anyway.js';
import type { Mutant } from './mutant.js';

const ANSWERS: ReadonlySet<string> = new Set(['ApprovalDecided', 'ApprovalCounted']);

export const answersAnApprovalTwice: Mutant = {
  name: 'answers-an-approval-twice',
  bug: 'an answer of a person is accepted although the approval has changed since it was read',
  foundAt: 28,
  wires: ({ tables }) => ({
    answer: (name, values, next) =>
      name.startsWith('append-batch')
        ? next(withCurrentVersions(tables, values, (type) => ANSWERS.has(type)))
        : next(values),
  }),
};
