import type { ComposedStep, StepArgument } from '@baton/contracts';
import { expect, test } from 'vitest';
import { checkComposition } from './check-composition.js';
import { composeDocument } from './compose-document.js';
import { estimateCost } from './estimate-cost.js';
import { shippedCatalog, worker } from './testing/shipped-catalog.js';

const catalog = shippedCatalog();
const step = (use: string, args: readonly StepArgument[], name = 'One'): ComposedStep => ({
  name,
  does: 'it',
  use,
  arguments: [...args],
});
const text = (value: string): StepArgument => ({ name: 'text', from: 'text', value });
const findingsOf = (...steps: readonly ComposedStep[]) =>
  checkComposition({ title: 'T', why: 'w', steps: [...steps], missing: [] }, { data: 1 }, catalog).findings.filter(
    ({ severity }) => severity === 'error',
  );

test('a step that nobody serves is named, with what is near', () => {
  expect(findingsOf(step('worker:text-statistic', [text('a')]))).toMatchObject([
    { pointer: '/steps/0/use', code: 'unknown-use', message: expect.stringContaining('worker:text-statistics') },
  ]);
  expect(findingsOf(step('worker:deployer', []))).toMatchObject([{ code: 'unknown-use' }]);
});

test('an argument that is missing, that is not known, or that leads nowhere is named', () => {
  expect(findingsOf(step('worker:text-statistics', []))).toMatchObject([
    { pointer: '/steps/0/arguments', code: 'argument-missing' },
  ]);
  expect(
    findingsOf(step('worker:text-statistics', [text('a'), { name: 'txt', from: 'goal', value: '' }])),
  ).toMatchObject([{ pointer: '/steps/0/arguments/1/name', code: 'argument-unknown' }]);
  const from = (source: StepArgument['from'], value: string) =>
    findingsOf(step('worker:text-statistics', [{ name: 'text', from: source, value }]));
  expect(from('step', 'Two')).toMatchObject([{ code: 'unknown-step' }]);
  expect(from('step', 'One')).toMatchObject([{ code: 'unknown-step' }]);
  expect(from('input', 'dta')).toMatchObject([{ code: 'unknown-input', message: expect.stringContaining('data') }]);
  expect(from('input', '')).toEqual([]);
  expect(from('json', '{')).toMatchObject([{ code: 'not-json' }]);
});

test('what reads as an expression and was written by a model stays a text', () => {
  const document = composeDocument({
    title: 'T',
    steps: [
      step('worker:prompt', [
        { name: 'prompt', from: 'text', value: '{% $states.context %}' },
        { name: 'variables.a', from: 'json', value: '["{% $goal %}"]' },
        { name: 'variables.b', from: 'step', value: 'One.a-b' },
      ]),
    ],
  });
  expect(document).toMatchObject({
    definition: {
      States: {
        One: {
          Arguments: {
            prompt: '{% "{% $states.context %}" %}',
            variables: { a: ['{% "{% $goal %}" %}'], b: '{% $One.`a-b` %}' },
          },
        },
      },
    },
  });
});

test('a cost is that of past runs with their number, else what a document allows, else it is not known', () => {
  const past = { count: 12, usd: 1.2, unpriced: 2, tokens: 10 };
  const known = shippedCatalog({
    workers: [worker('a', 'A.', {}, { past }), worker('b', 'B. Its model: offline.', {}), worker('c', 'C.', {})],
    workflows: catalog.workflows
      .slice(0, 2)
      .map((each, at) => ({ ...each, ...(at === 0 ? { past } : { budgetUsd: 5 }) })),
  });
  const [first, second] = known.workflows.map(({ ref }) => `workflow:${ref}`);
  const of = (use: string) => estimateCost([step(use, [])], known).steps[0];
  expect(of(first ?? '')).toMatchObject({ usd: 0.12, from: 'past-runs', sampleSize: 10 });
  expect(of(second ?? '')).toMatchObject({ usd: null, mostUsd: 5, from: 'budget', sampleSize: 0 });
  expect(of('worker:a')).toMatchObject({ usd: 0.12, from: 'past-tasks', sampleSize: 10 });
  expect(of('worker:b')).toMatchObject({ usd: 0, mostUsd: 0, from: 'offline-model' });
  expect(of('worker:c')).toMatchObject({ usd: null, from: 'unknown' });
  expect(estimateCost([step('worker:b', []), step('worker:c', [])], known)).toMatchObject({ usd: null, mostUsd: null });
});
