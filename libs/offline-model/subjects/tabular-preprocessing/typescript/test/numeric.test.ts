import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NumericColumn } from '../src/config.ts';
import { applyNumeric, learnNumeric, type NumericValues, parseNumbers } from '../src/numeric.ts';

const column = (settings: Partial<NumericColumn>): NumericColumn => ({
  name: 'x',
  type: 'numeric',
  impute: 'none',
  scale: 'none',
  ...settings,
});

/** What a column becomes when it is learned from `training` and applied to `served`. */
const scaled = (settings: Partial<NumericColumn>, training: NumericValues, served: NumericValues = training) =>
  applyNumeric(learnNumeric(column(settings), training), served);

test('reads numbers, and the missing spellings as missing', () => {
  assert.deepEqual(parseNumbers('x', ['1', '-2.5', '+.5', '1e3', ' 7 ', '', 'NA'], ['', 'NA']), [
    1,
    -2.5,
    0.5,
    1000,
    7,
    null,
    null,
  ]);
});

test('text in a numeric column is an error that names column and row', () => {
  for (const field of ['abc', '1,5', '0x10', '1 2', '--1', '.']) {
    assert.throws(() => parseNumbers('x', ['1', field], ['']), {
      code: 'not-a-number',
      message: `Column "x", row 2: "${field}" is not a number.`,
    });
  }
});

test('NaN and infinite numbers are an error of their own', () => {
  for (const field of ['NaN', 'Infinity', '-inf', '1e999']) {
    assert.throws(() => parseNumbers('x', [field], ['']), { code: 'not-finite', message: /row 1.*finite/ });
  }
});

test('a field of blanks is no missing value unless it is configured', () => {
  assert.throws(() => parseNumbers('x', [' '], ['']), { code: 'not-a-number' });
});

test('imputes the mean, the median, the most frequent value or a constant', () => {
  const training = [1, 1, 4, 10, null];
  assert.deepEqual(scaled({ impute: 'mean' }, training, [null]), [4]);
  assert.deepEqual(scaled({ impute: 'median' }, training, [null]), [2.5]);
  assert.deepEqual(scaled({ impute: 'most-frequent' }, training, [null]), [1]);
  assert.deepEqual(scaled({ impute: { constant: -7 } }, training, [null]), [-7]);
});

test('the median of an odd number of values is the middle one, whatever their order', () => {
  assert.deepEqual(scaled({ impute: 'median' }, [10, 2, 9], [null]), [9]);
});

test('of several most frequent values the smallest is taken, whatever their order', () => {
  assert.deepEqual(scaled({ impute: 'most-frequent' }, [5, 3, 5, 3, 9], [null]), [3]);
  assert.deepEqual(scaled({ impute: 'most-frequent' }, [3, 5, 3, 5, 9], [null]), [3]);
});

test('a missing value without imputation is an error, in training and when serving', () => {
  const expected = { code: 'missing-value', message: /Column "x", row 2/ };
  assert.throws(() => learnNumeric(column({}), [1, null]), expected);
  assert.throws(() => scaled({}, [1], [1, null]), expected);
});

test('a column without any value gives nothing to learn from, except for a constant', () => {
  assert.throws(() => learnNumeric(column({ impute: 'mean' }), [null]), { code: 'nothing-to-learn' });
  assert.deepEqual(scaled({ impute: { constant: 3 } }, [null]), [3]);
});

test('standard scaling gives mean 0 and variance 1 in training', () => {
  assert.deepEqual(scaled({ scale: 'standard' }, [2, 4, 4, 4, 5, 5, 7, 9]), [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]);
});

test('min-max scaling gives 0 to 1 in training, and values beyond it where served ones are', () => {
  assert.deepEqual(scaled({ scale: 'min-max' }, [10, 20, 15]), [0, 1, 0.5]);
  assert.deepEqual(scaled({ scale: 'min-max' }, [10, 20], [5, 40]), [-0.5, 3]);
});

test('a constant column becomes 0, also where its mean is not exactly its value', () => {
  assert.deepEqual(scaled({ scale: 'min-max' }, [7, 7], [7, 8]), [0, 0]);
  assert.deepEqual(scaled({ scale: 'standard' }, [0.1, 0.1, 0.1], [0.1, 5]), [0, 0]);
});

test('imputed values take part in the scale that is learned', () => {
  assert.deepEqual(scaled({ impute: { constant: 0 }, scale: 'min-max' }, [10, null], [10]), [1]);
});

test('a single served value is scaled with what was learned', () => {
  assert.deepEqual(scaled({ scale: 'standard' }, [2, 4, 4, 4, 5, 5, 7, 9], [9]), [2]);
  assert.deepEqual(scaled({ scale: 'min-max' }, [10, 20], [15]), [0.5]);
});

test('numbers too large to compute with are an error, not NaN', () => {
  assert.throws(() => learnNumeric(column({ scale: 'standard' }), [1e308, 1e308, -1e308]), { code: 'not-finite' });
  assert.throws(() => scaled({ scale: 'min-max' }, [0, 1e-300], [1e300]), { code: 'not-finite', message: /row 1/ });
});
