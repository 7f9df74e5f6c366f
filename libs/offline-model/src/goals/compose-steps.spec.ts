import type { GoalMatch } from '@baton/contracts';
import { expect, test } from 'vitest';
import { composeSteps } from './compose-steps.js';

type Part = GoalMatch['parts'][number];

const part = (step: string, way?: Part['way']): Part => ({
  ...{ text: 'count words', verdict: 'clear', because: '', step },
  candidates: [{ use: 'worker:counter', score: 9, reasons: [], lacks: [], arguments: [] }],
  ...(way === undefined ? {} : { way }),
});
const composed = (parts: Part[]) =>
  composeSteps({
    ...{ goal: 'count words', input: {} },
    matches: { verdict: 'unclear', because: '', parts, nearest: [], about: {}, composition: null },
  });

test('a question after a choice is about what came of the choice, as a step of it may not have been done', () => {
  const when = { choice: 'Choice', is: 'more', from: 'step', value: 'One.words', than: '5' } as const;
  const { steps } = composed([
    part('One'),
    part('Two', { choice: 'Choice', says: 'there are more than 5 words', when }),
    part('Three', { choice: 'Choice2', says: 'it is a friend', when: null }),
  ]);
  expect(steps.map(({ name }) => name)).toEqual(['One', 'Two', 'Decide', 'Three']);
  expect(steps[2]?.arguments).toContainEqual({ name: 'variables.before', from: 'step', value: 'Choice' });
});

test('a question after a step is about what came of that', () => {
  const { steps } = composed([part('One'), part('Two', { choice: 'Choice', says: 'it is a friend', when: null })]);
  expect(steps[1]?.arguments).toContainEqual({ name: 'variables.before', from: 'step', value: 'One' });
});
