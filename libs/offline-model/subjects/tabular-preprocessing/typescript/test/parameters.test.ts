import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParameters, type Parameters, saveParameters } from '../src/index.ts';

const parameters: Parameters = {
  missing: ['', 'NA'],
  columns: [
    { name: 'x', type: 'numeric', fill: null, scale: 'standard', center: 0.1 + 0.2, spread: 1 / 3 },
    { name: 'c', type: 'categorical', fill: '', encode: 'one-hot', unseen: 'ignore', categories: ['', 'ä"\n'] },
  ],
};

/** The saved text with one field of the file, or of its first or second column, replaced. */
const damaged = (fields: object, column?: 0 | 1): string => {
  const file = JSON.parse(saveParameters(parameters));
  Object.assign(column === undefined ? file : file.columns[column], fields);
  return JSON.stringify(file);
};

test('what was saved is loaded without losing a digit', () => {
  assert.deepEqual(loadParameters(saveParameters(parameters)), parameters);
});

test('text that is no JSON, or JSON of something else, is refused', () => {
  assert.throws(() => loadParameters(saveParameters(parameters).slice(0, 40)), { code: 'bad-parameters' });
  assert.throws(() => loadParameters('[]'), { code: 'bad-parameters', message: /must be an object/ });
  assert.throws(() => loadParameters('{"columns":[]}'), {
    code: 'bad-parameters',
    message: /not written by this module/,
  });
});

test('another version is refused with both versions', () => {
  assert.throws(() => loadParameters(damaged({ version: 2 })), {
    code: 'unknown-version',
    message: 'The parameter file has version 2, this module reads version 1.',
  });
});

test('a damaged field is refused with its place', () => {
  assert.throws(() => loadParameters(damaged({ center: null }, 0)), {
    message: 'columns[0].center must be a finite number.',
  });
  assert.throws(() => loadParameters(damaged({ spread: '1' }, 0)), {
    code: 'bad-parameters',
    message: /columns\[0\]\.spread/,
  });
  assert.throws(() => loadParameters(damaged({ type: 'date' }, 0)), { message: /columns\[0\]\.type must be one of/ });
  assert.throws(() => loadParameters(damaged({ categories: [1] }, 1)), { message: /columns\[1\]\.categories/ });
  assert.throws(() => loadParameters(damaged({ name: undefined }, 1)), { message: /columns\[1\]\.name/ });
  assert.throws(() => loadParameters(damaged({ missing: 'NA' })), { message: /missing must be a list/ });
  assert.throws(() => loadParameters(damaged({ columns: {} })), { message: /columns must be a list/ });
});
