import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeData } from './describe-data.js';
import { pickFeatures } from './pick-features.js';
import { judgeModel, writeRelease } from './release.js';
import type { Row } from './shapes.js';
import { predict, trainModel } from './train-model.js';

const ask = { goal: 'Know it in time.', target: 'late' };
const row = (id: number): Row => ({
  id: `K${id}`,
  weight: id,
  carrier: id % 2 === 0 ? 'blue' : 'red',
  site: 'north',
  late: id >= 20 ? 'yes' : 'no',
});
const rows = Array.from({ length: 40 }, (_, id) => row(id));

const learn = (examples: readonly Row[]) => {
  const data = describeData({ ...ask, rows: [...examples] });
  return trainModel({ target: ask.target, features: pickFeatures({ ...ask, data }), examples: [...examples] });
};

test('a table is described as it is', () => {
  const data = describeData({
    ...ask,
    rows: [...rows, { id: 'K40', weight: null, carrier: 'red', site: 'north', late: null }],
  });
  expect(data).toMatchObject({ rowCount: 41, classes: [{ count: 20 }, { count: 20 }] });
  expect(data.columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
    ['id', 'unusable', 0],
    ['weight', 'number', 1],
    ['carrier', 'category', 0],
    ['site', 'unusable', 0],
  ]);
  expect(data.problems).toEqual([
    '1 row without late: nothing can be learnt from that.',
    'id: nearly every row has another value, as an identifier has',
    'site: it says the same in every row',
  ]);
  expect(pickFeatures({ ...ask, data }).features.map(({ column }) => column)).toEqual(['weight', 'carrier']);
});

test('the column that tells most is found, with the place to cut it', () => {
  expect(learn(rows)).toMatchObject({
    rules: [
      { column: 'weight', operator: 'atLeast', value: 20, predicts: 'yes' },
      { column: 'weight', operator: 'below', value: 20, predicts: 'no' },
    ],
    summary: expect.stringContaining('weight alone tells late best: it is right for 100 % of the 40 examples'),
  });
  const byCarrier = rows.map((each) => ({ ...each, late: each.carrier === 'red' }));
  expect(learn(byCarrier).rules).toContainEqual({ column: 'carrier', operator: 'is', value: 'red', predicts: true });
});

test('nothing better than the most frequent value is said to be so', () => {
  const model = learn(rows.map((each) => ({ ...each, late: 'no' })));
  expect(model).toMatchObject({
    rules: [],
    otherwise: 'no',
    summary: expect.stringContaining('No column tells late better'),
  });
  const measured = { checked: 10, right: 10, accuracy: 1, baseline: 1 };
  const data = describeData({ ...ask, rows });
  const validation = judgeModel({ goal: '', model, measured, data });
  expect(validation).toMatchObject({ trustworthy: false });
  expect(validation.concerns.join(' ')).toContain('It never predicts "yes".');
  expect(writeRelease({ ...ask, model, measured, validation }).card).toContain('Limits: It is no better');
});

test.each([
  [{}, 'a tree of questions about weight leads to a value of late, learnt from 40 rows'],
  [{ method: 'random forest' }, 'a random forest about weight leads to a value of late, learnt from 40 rows'],
])('the card of a model that a program learnt says how it decides (%j)', (method, words) => {
  const model = { classes: ['no', 'yes'], columns: ['weight'], trainedOn: 40, ...method };
  const measured = { checked: 10, right: 9, accuracy: 0.9, baseline: 0.6 };
  const validation = { trustworthy: true, concerns: [], summary: '9 of 10.' };
  expect(writeRelease({ ...ask, model, measured, validation })).toMatchObject({
    ...{ card: expect.stringContaining(`How it decides: ${words}.`), inputs: ['weight'] },
  });
});

test('on the examples, no model is worse than the most frequent value', () => {
  const cell = fc.oneof(
    fc.integer({ min: -9, max: 9 }),
    fc.constantFrom('a', 'b', null, ''),
    fc.boolean(),
    fc.double(),
  );
  const table = fc.array(
    fc.record({ x: cell, y: fc.double({ noNaN: true }), late: fc.constantFrom('yes', 'no', null) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(table, (given) => {
      const labelled = given.filter(({ late }) => late !== null);
      const model = learn(given);
      const right = labelled.filter((each) => predict(model, each) === each.late).length;
      const usual = labelled.filter(({ late }) => late === model.otherwise).length;
      expect(right).toBeGreaterThanOrEqual(usual);
      expect(model.rules.length).toBeLessThanOrEqual(30);
    }),
  );
});
