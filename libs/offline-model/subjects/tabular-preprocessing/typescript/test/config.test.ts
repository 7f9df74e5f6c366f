import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../src/index.ts';

const withColumn = (column: object) => parseConfig(JSON.stringify({ columns: [column] }));

test('only name and type must be given', () => {
  assert.deepEqual(parseConfig('{"columns":[{"name":"x","type":"numeric"},{"name":"c","type":"categorical"}]}'), {
    missing: [''],
    columns: [
      { name: 'x', type: 'numeric', impute: 'none', scale: 'none' },
      { name: 'c', type: 'categorical', impute: 'none', encode: 'one-hot', unseen: 'error' },
    ],
  });
});

test('a wrong configuration is an error that names the place', () => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ type: 'numeric' }, /columns\[0\]\.name/],
    [{ name: 'x', type: 'date' }, /columns\[0\]\.type must be one of numeric, categorical/],
    [{ name: 'x', type: 'numeric', impute: 'mode' }, /columns\[0\]\.impute must be one of/],
    [{ name: 'x', type: 'numeric', impute: { constant: '0' } }, /columns\[0\]\.impute\.constant/],
    [{ name: 'x', type: 'numeric', encode: 'one-hot' }, /a numeric column, has no setting "encode"/],
    [{ name: 'x', type: 'categorical', impute: 'mean' }, /columns\[0\]\.impute must be one of/],
    [{ name: 'x', type: 'categorical', unseen: 'guess' }, /columns\[0\]\.unseen/],
    [{ name: 'x', type: 'categorical', order: ['a', 'a'] }, /columns\[0\]\.order must list each category once/],
  ];
  for (const [column, message] of cases) assert.throws(() => withColumn(column), { code: 'bad-config', message });
});

test('a configuration that is none is an error', () => {
  assert.throws(() => parseConfig('{'), { code: 'bad-config', message: /not JSON/ });
  assert.throws(() => parseConfig('{"columns":[]}'), { code: 'bad-config', message: /lists no column/ });
  assert.throws(() => parseConfig('{"columns":[],"mising":[]}'), { message: /no setting "mising"/ });
  const twice = { name: 'x', type: 'numeric' };
  assert.throws(() => parseConfig(JSON.stringify({ columns: [twice, twice] })), { message: /"x" twice/ });
});
