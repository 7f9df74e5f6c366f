import { expect, test } from 'vitest';
import { documentOf, task } from '../testing/scenario.js';
import { parseWorkflowDocument } from './parse-workflow-document.js';

const States = {
  Work: task({ Next: 'Each' }),
  Each: {
    Type: 'Map',
    Items: [1],
    ItemProcessor: { StartAt: 'Inner', States: { Inner: task() } },
    End: true,
  },
};

const problems = (personal: unknown): readonly string[] =>
  parseWorkflowDocument({ ...documentOf(States), personal }).findings.map(
    ({ pointer, message }) => `${pointer}: ${message}`,
  );

test('marks of the input and of results, also within a Map, are in order', () => {
  const mark = {
    subject: '/customer/id',
    input: ['/mail', '/messages/*/text'],
    results: { Work: [''], Inner: ['/name'] },
  };
  expect(problems([mark, { subject: '/other', input: ['/x~1y'] }])).toEqual([]);
});

test.each([
  [[], '/personal: leave it out'],
  [[{ subject: '/id' }], '/personal/0: marks nothing'],
  [[{ subject: '', input: ['/a'] }], '/personal/0/subject: names one member'],
  [[{ subject: '/list/*/id', input: ['/a'] }], '/personal/0/subject: names one member'],
  [[{ subject: 'id', input: ['/a'] }], '/personal/0/subject: is no JSON pointer'],
  [[{ subject: '/a/id', input: ['/a'] }], '/personal/0/subject: would be sealed'],
  [[{ subject: '/list/0/id', input: ['/list/*'] }], '/personal/0/subject: would be sealed'],
  [[{ subject: '/id', input: ['a'] }], '/personal/0/input/0: is no JSON pointer'],
  [[{ subject: '/id', input: ['/a~2'] }], '/personal/0/input/0: in a JSON pointer'],
  [[{ subject: '/id', results: { Nope: [''] } }], '/personal/0/results/Nope: the definition has no state Nope'],
  [[{ subject: '/id', results: { Each: [''] } }], '/personal/0/results/Each: Each is no Task'],
  [[{ subject: '/id', input: ['/a'], results: { Work: [] } }], '/personal/0/results/Work: name a place'],
])('%j is told', (personal, problem) => {
  expect(problems(personal)).toEqual([expect.stringContaining(problem)]);
});
