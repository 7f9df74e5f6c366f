import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyCategorical, type CategoricalValues, categoricalOutputs, learnCategorical } from '../src/categorical.ts';
import type { CategoricalColumn } from '../src/config.ts';

const column = (settings: Partial<CategoricalColumn>): CategoricalColumn => ({
  name: 'c',
  type: 'categorical',
  impute: 'none',
  encode: 'one-hot',
  unseen: 'error',
  ...settings,
});

const encoded = (
  settings: Partial<CategoricalColumn>,
  training: CategoricalValues,
  served: CategoricalValues = training,
) => applyCategorical(learnCategorical(column(settings), training), served);

test('one-hot encoding has a column for each category, in sorted order', () => {
  const parameters = learnCategorical(column({}), ['b', 'a', 'b']);
  assert.deepEqual(categoricalOutputs(parameters), ['c=a', 'c=b']);
  assert.deepEqual(applyCategorical(parameters, ['b', 'a']), [
    [0, 1],
    [1, 0],
  ]);
});

test('ordinal encoding has one column with the place of the category', () => {
  const parameters = learnCategorical(column({ encode: 'ordinal' }), ['b', 'a', 'c']);
  assert.deepEqual(categoricalOutputs(parameters), ['c']);
  assert.deepEqual(applyCategorical(parameters, ['c', 'a']), [[2], [0]]);
});

test('a given order fixes the codes', () => {
  assert.deepEqual(encoded({ encode: 'ordinal', order: ['S', 'M', 'L'] }, ['L', 'S']), [[2], [0]]);
});

test('a category in training that is not in the given order is an error', () => {
  assert.throws(() => encoded({ order: ['S', 'M'] }, ['S', 'XL']), {
    code: 'unseen-category',
    message: 'Column "c", row 2: "XL" is not in the configured order.',
  });
});

test('the order of the training rows does not change the codes', () => {
  assert.deepEqual(learnCategorical(column({}), ['ä', 'z', 'A']), learnCategorical(column({}), ['A', 'ä', 'z']));
});

test('an unseen category is an error where the policy says so, naming column, row and category', () => {
  assert.throws(() => encoded({}, ['a'], ['a', 'new']), {
    code: 'unseen-category',
    message: 'Column "c", row 2: the category "new" was not seen in training.',
  });
});

test('an unseen category is all zeros or -1 where it is ignored', () => {
  assert.deepEqual(encoded({ unseen: 'ignore' }, ['a', 'b'], ['new']), [[0, 0]]);
  assert.deepEqual(encoded({ unseen: 'ignore', encode: 'ordinal' }, ['a', 'b'], ['new']), [[-1]]);
});

test('imputes the most frequent category or a constant', () => {
  assert.deepEqual(encoded({ impute: 'most-frequent' }, ['b', 'a', 'b', null], [null]), [[0, 1]]);
  assert.deepEqual(encoded({ impute: { constant: 'none' } }, ['b', null], [null]), [[0, 1]]);
});

test('of several most frequent categories the first in order is taken', () => {
  assert.deepEqual(encoded({ impute: 'most-frequent' }, ['b', 'a'], [null]), [[1, 0]]);
});

test('a missing category without imputation is an error', () => {
  assert.throws(() => encoded({}, ['a', null]), { code: 'missing-value', message: /Column "c", row 2/ });
  assert.throws(() => encoded({}, ['a'], [null]), { code: 'missing-value' });
});

test('a column without any category gives nothing to learn from', () => {
  assert.throws(() => encoded({ impute: 'most-frequent' }, [null]), { code: 'nothing-to-learn' });
});

test('names that objects have by nature are categories like others', () => {
  assert.deepEqual(encoded({}, ['constructor', '__proto__'], ['__proto__']), [[1, 0]]);
  assert.throws(() => encoded({}, ['a'], ['toString']), { code: 'unseen-category' });
});
