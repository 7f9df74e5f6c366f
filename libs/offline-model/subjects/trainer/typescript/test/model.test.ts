import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predict, train } from '../src/model.ts';

const FEATURES = [
  { column: 'size', kind: 'number' },
  { column: 'colour', kind: 'category' },
] as const;

/** Large ones are yes, small ones no; the colour says nothing. */
const ROWS = Array.from({ length: 40 }, (_, n) => ({
  size: n,
  colour: n % 2 === 0 ? 'red' : 'blue',
  late: n >= 20 ? 'yes' : 'no',
}));
const bySize = () => train({ target: 'late', features: FEATURES, rows: ROWS });

test('what tells the classes apart is learnt, and holds for rows that were not seen', () => {
  const model = bySize();
  assert.equal(predict(model, { size: 100, colour: 'red' }), 'yes');
  assert.equal(predict(model, { size: -3, colour: 'blue' }), 'no');
});

test('a column of words is learnt from as well', () => {
  const rows = ROWS.map((row) => ({ ...row, late: row.colour === 'red' ? 'yes' : 'no' }));
  const model = train({ target: 'late', features: FEATURES, rows });
  assert.equal(predict(model, { size: 1, colour: 'red' }), 'yes');
  assert.equal(predict(model, { size: 39, colour: 'blue' }), 'no');
});

test('three classes can be told apart', () => {
  const rows = ROWS.map((row) => ({ ...row, late: row.colour === 'red' ? 'a' : row.size > 20 ? 'b' : 'c' }));
  const model = train({ target: 'late', features: FEATURES, rows });
  assert.deepEqual(
    [predict(model, { size: 5, colour: 'red' }), predict(model, { size: 39, colour: 'blue' })],
    ['a', 'b'],
  );
  assert.equal(predict(model, { size: 1, colour: 'blue' }), 'c');
});

test('the same table gives the same model, which is JSON', () => {
  const model = bySize();
  assert.equal(JSON.stringify(bySize()), JSON.stringify(model));
  const read: typeof model = JSON.parse(JSON.stringify(model));
  assert.equal(predict(read, { size: 100, colour: 'red' }), 'yes');
});

test('a missing cell, an unseen value and an unknown column are no errors', () => {
  const model = bySize();
  assert.ok(['yes', 'no'].includes(String(predict(model, { size: null, colour: 'green', other: 1 }))));
  assert.equal(predict(model, { size: 100 }), 'yes');
});

test('rows without a target teach nothing, and the target itself is never looked at', () => {
  const more = [...ROWS, { size: 100, colour: 'red', late: null }];
  assert.equal(JSON.stringify(train({ target: 'late', features: FEATURES, rows: more })), JSON.stringify(bySize()));
  const asked = [...FEATURES, { column: 'late', kind: 'category' }] as const;
  const model = train({ target: 'late', features: asked, rows: ROWS });
  assert.equal(predict(model, { size: 100, colour: 'red', late: 'no' }), 'yes');
});

test('one class alone is refused with its name', () => {
  const rows = ROWS.map((row) => ({ ...row, late: 'no' }));
  assert.throws(() => train({ target: 'late', features: FEATURES, rows }), /late/);
});
