import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fit, loadParameters, outputColumns, parseConfig, parseCsv, saveParameters, transform } from '../src/index.ts';

const example = (name: string): string => join(import.meta.dirname, '../example', name);

const config = parseConfig(readFileSync(example('config.json'), 'utf8'));
const training = parseCsv(readFileSync(example('train.csv'), 'utf8'));
const parameters = fit(training, config);

test('the example becomes the expected table', () => {
  const output = transform(training, parameters);
  assert.deepEqual(output.columns, ['age', 'income', 'visits', 'city=Basel', 'city=Bern', 'city=Genf', 'size']);
  const rounded = output.rows.map((row) => row.map((value) => Math.round(value * 1000) / 1000));
  assert.deepEqual(rounded, [
    [-0.724, 0.075, 3, 0, 1, 0, 1],
    [-1.539, 0.448, 1, 0, 0, 1, 0],
    [-0.045, 1, 0, 0, 1, 0, 2],
    [1.584, 0.493, 7, 1, 0, 0, 1],
    [0.77, 0, 2, 0, 1, 0, 1],
    [-0.045, 0.672, 4, 0, 1, 0, 2],
  ]);
});

test('each training row served alone gets exactly the numbers it got in training', () => {
  const together = transform(training, parameters).rows;
  const alone = training.rows.map((row) => transform({ columns: training.columns, rows: [row] }, parameters).rows[0]);
  assert.deepEqual(alone, together);
});

test('what a row becomes does not depend on the rows around it', () => {
  const together = transform(training, parameters).rows;
  const reversed = transform({ ...training, rows: training.rows.toReversed() }, parameters).rows;
  assert.deepEqual(reversed.toReversed(), together);
  const half = transform({ ...training, rows: training.rows.slice(0, 3) }, parameters).rows;
  assert.deepEqual(half, together.slice(0, 3));
});

test('parameters that were saved and loaded give exactly the same numbers', () => {
  assert.deepEqual(transform(training, loadParameters(saveParameters(parameters))), transform(training, parameters));
});

test('transform changes no parameter', () => {
  const before = saveParameters(parameters);
  transform(parseCsv(readFileSync(example('serve.csv'), 'utf8')), parameters);
  assert.equal(saveParameters(parameters), before);
});

test('the place of a column and columns nobody asked for do not matter', () => {
  const moved = parseCsv('size,extra,city,visits,income,age\nM,9,Bern,3,41000,34\n');
  assert.deepEqual(transform(moved, parameters).rows[0], transform(training, parameters).rows[0]);
});

test('the output columns depend on the parameters alone', () => {
  const served = transform(parseCsv(readFileSync(example('serve.csv'), 'utf8')), parameters);
  assert.deepEqual(served.columns, outputColumns(parameters));
  assert.deepEqual(served.columns, transform(training, parameters).columns);
  assert.deepEqual(served.rows[1]?.slice(3), [0, 0, 0, 2]);
});

test('training data without rows is an error; serving a table without rows gives one', () => {
  const empty = { ...training, rows: [] };
  assert.throws(() => fit(empty, config), { code: 'empty-data', message: 'The training data has no rows.' });
  assert.deepEqual(transform(empty, parameters), { columns: outputColumns(parameters), rows: [] });
});

test('a missing column is an error that names it, in training and when serving', () => {
  const table = parseCsv('age\n1\n');
  const expected = { code: 'missing-column', message: 'The data has no column "income"; it has age.' };
  assert.throws(() => fit(table, config), expected);
  assert.throws(() => transform(table, parameters), expected);
});

test('a value of the wrong type is an error that names column and row', () => {
  const served = parseCsv('age,income,visits,city,size\n34,1,1,Bern,M\n35,many,1,Bern,M\n');
  assert.throws(() => transform(served, parameters), {
    code: 'not-a-number',
    message: 'Column "income", row 2: "many" is not a number.',
  });
});
