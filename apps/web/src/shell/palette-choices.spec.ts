import { expect, it } from 'vitest';
import type { Schemas } from '../api/api.js';
import { choicesOf } from './palette-choices.js';

const RUN = 'aaaa1111-0000-4000-8000-000000000001';
const run = { runId: RUN, title: 'Count words', workflow: 'seven-step', status: 'running' } as Schemas['RunSummary'];
const known = {
  workflows: ['seven-step', 'with space'],
  runs: [],
  groups: [
    {
      title: 'Everywhere',
      bindings: [
        { keys: 'g r', title: 'Go to Runs', run: () => undefined },
        { keys: '?', title: 'All keys', run: () => undefined },
      ],
    },
  ],
};
const titles = (words: string, runs = known.runs): readonly string[] =>
  choicesOf(words, { ...known, runs }).map(({ title }) => title);

it('offers the views and what can be done before anything is typed', () => {
  expect(titles('')).toEqual([
    'Runs',
    'Approvals',
    'Submit',
    'Workflows',
    'Insight',
    'Recommendations',
    'Foresight',
    'Operations',
    'All keys',
  ]);
});

it('finds views, workflows, actions and runs by words', () => {
  expect(titles('app')).toEqual(['Approvals']);
  expect(titles('step SEVEN')).toEqual(['seven-step']);
  expect(choicesOf('with', known)).toMatchObject([{ to: '/workflows/with%20space' }]);
  expect(choicesOf('count', { ...known, runs: [run] })).toMatchObject([{ to: `/runs/${RUN}`, status: 'running' }]);
  expect(titles('nothing is called so')).toEqual([]);
});

it('takes an id for nothing else', () => {
  expect(choicesOf('aaaa1111', { ...known, runs: [run] })).toMatchObject([{ kind: 'id', id: 'aaaa1111' }]);
  expect(choicesOf(`${RUN}-3`, known)).toMatchObject([{ kind: 'id', id: `${RUN}-3`, hint: 'approval or task' }]);
});
