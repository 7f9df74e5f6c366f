import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import shipped from '../../../../workflows/ml-pipeline.yaml?raw';
import { begin, ended, variablesOf } from '../testing/begin.js';
import type { Scenario } from '../testing/scenario.js';

const labels = ['no', 'no', 'no', 'yes', null, 'no', 'no', 'no', 'yes', 'yes', 'no', 'no', 'no'];
const rows = labels.map((late, weight): JsonObject => ({ weight, ...(late === null ? {} : { late }) }));
const model = {
  rules: [
    { column: 'weight', operator: 'atLeast', value: 8, predicts: 'yes' },
    { column: 'colour', operator: 'is', value: 'red', predicts: 'yes' },
  ],
  otherwise: 'no',
  summary: '',
};

async function trained(input: JsonObject): Promise<Scenario> {
  const run = await begin(shipped, { goal: 'Know it.', target: 'late', rows, ...input });
  await run.succeed('CollectData', { columns: [] });
  await run.succeed('EngineerFeatures', { features: [] });
  return run;
}

test('holds every fourth row with a target back from the training, and measures with those', async () => {
  const run = await trained({});
  const examples = z.array(z.object({ weight: z.number() })).parse(variablesOf(run, 'TrainModel').examples);
  expect(examples.map(({ weight }) => weight)).toEqual([0, 1, 2, 5, 6, 7, 9, 10, 11]);
  await run.succeed('TrainModel', model);
  // Held back: 3 (yes), 8 (yes), 12 (no); the model says no, yes, yes.
  expect(variablesOf(run, 'ValidateModel')).toMatchObject({
    measured: { checked: 3, right: 1, accuracy: 0.3333, baseline: 0.6667 },
  });
});

test('measures the largest table with the longest list of rules', async () => {
  const large = Array.from({ length: 300 }, (_, weight) => ({ weight, late: 'no' }));
  const rule = { column: 'weight', operator: 'atLeast', value: 1000, predicts: 'yes' };
  const run = await trained({ rows: large });
  await run.succeed('TrainModel', { ...model, rules: Array.from({ length: 30 }, () => rule) });
  expect(variablesOf(run, 'ValidateModel')).toMatchObject({ measured: { checked: 75, right: 75, baseline: 1 } });
});

test('releases nothing below the accuracy that is asked for, whatever the validation says', async () => {
  const run = await trained({});
  await run.succeed('TrainModel', model);
  await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: 'Lovely.' });
  expect(ended(run)).toMatchObject({
    status: 'failed',
    error: 'Baton.NotPassed',
    cause:
      'The model is right for 1 of 3 rows held back, a share of 0.3333 where 0.7 is asked for and the most frequent value alone has 0.6667. Lovely.',
  });
});

test('releases nothing that the validation does not trust', async () => {
  const run = await trained({ minimumAccuracy: 0.3 });
  await run.succeed('TrainModel', model);
  await run.succeed('ValidateModel', { trustworthy: false, concerns: [], summary: 'Unfair.' });
  expect(ended(run)).toMatchObject({ status: 'failed', error: 'Baton.NotPassed' });
});

test('releases what is good enough', async () => {
  const run = await trained({ minimumAccuracy: 0.3 });
  await run.succeed('TrainModel', model);
  await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: '' });
  await run.succeed('DeployModel', { card: 'It is a model.' });
  expect(ended(run)).toMatchObject({
    status: 'succeeded',
    output: { released: true, model, release: { card: 'It is a model.' } },
  });
});
